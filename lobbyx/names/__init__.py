"""Reads one name as filed: its normalized form, the other names in it, and the rules that applied."""

from lobbyx.names.display import best_written, display
from lobbyx.names.normalization import Reading, explain, normalize, plain, with_subsidiaries
from lobbyx.names.spoken import spoken
from lobbyx.names.words import LONGEST_NAME, abbreviations, legal_forms

__all__ = [
    "LONGEST_NAME",
    "Reading",
    "abbreviations",
    "best_written",
    "display",
    "explain",
    "legal_forms",
    "normalize",
    "plain",
    "spoken",
    "with_subsidiaries",
]
