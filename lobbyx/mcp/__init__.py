"""lobbyx for assistants: a server of the Model Context Protocol over a read-only database (`lobbyx mcp`)."""
