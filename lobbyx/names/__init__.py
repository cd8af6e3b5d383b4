"""One name as filed -> its normalized form, the other names it tells of, and the rules that read it."""

from lobbyx.names.normalization import (
    LONGEST_NAME,
    Reading,
    abbreviations,
    display,
    explain,
    legal_forms,
    normalize,
    plain,
    spoken,
    with_subsidiaries,
)

__all__ = [
    "LONGEST_NAME",
    "Reading",
    "abbreviations",
    "display",
    "explain",
    "legal_forms",
    "normalize",
    "plain",
    "spoken",
    "with_subsidiaries",
]
