"""English sentences -> claims."""

from lobbyx.reading.claims.english.reader import read

__all__ = ["read"]
