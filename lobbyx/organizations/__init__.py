"""Many names -> organizations, firms and persons; the lookup of an organization by a name."""
