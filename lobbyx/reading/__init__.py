"""What a user hands in -> text, publication date and the claims in it."""
