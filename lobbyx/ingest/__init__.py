"""From the API to the database: single listings, and the complete mirror."""
