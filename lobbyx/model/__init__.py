"""What the steps hand on to each other: frozen, without behavior that needs a database, a clock or a screen."""
