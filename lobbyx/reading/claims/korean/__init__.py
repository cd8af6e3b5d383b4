"""Korean sentences -> claims."""

from lobbyx.reading.claims.korean.reader import is_korean, read

__all__ = ["is_korean", "read"]
