"""The API -> the database: single listings, and the complete mirror."""
