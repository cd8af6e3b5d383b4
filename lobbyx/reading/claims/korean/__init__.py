"""Korean sentences -> claims."""

from lobbyx.reading.claims.korean.morphemes import model_name
from lobbyx.reading.claims.korean.reader import is_korean, read

__all__ = ["is_korean", "model_name", "read"]
