"""English sentences -> claims."""

from lobbyx.reading.claims.english.reader import read
from lobbyx.reading.claims.english.structure import model_name

__all__ = ["model_name", "read"]
