"""SQLite: schema, connections, and the writer of checked records."""
