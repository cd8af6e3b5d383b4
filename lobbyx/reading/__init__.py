"""Reads what a user hands in: the text, its publication date and its claims."""
