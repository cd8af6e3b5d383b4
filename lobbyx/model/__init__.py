"""What the steps pass to each other: frozen objects that need no database, clock or screen."""
