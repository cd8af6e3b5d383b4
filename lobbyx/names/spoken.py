"""The names that a name in a sentence may mean."""

from __future__ import annotations

import re

from lobbyx.names.words import has_letters

# Names in running text ---------------------------------------------------------------------------------------------

_PARTICLE = re.compile(r"(?<=[가-힣A-Za-z)])(?:에서|으로|은|는|이|가|을|를|의|와|과|도|측|로)$")
_KOREAN_FORM = re.compile(
    r"^(?:㈜|\(주\)|주식회사)\s*|\s*(?:㈜|\(주\)|주식회사|(?<=[가-힣])\s*(?:Inc|Corp|Ltd|LLC)\.?)$", re.IGNORECASE
)


def spoken(text: str) -> list[str]:
    """The names that a name in running text may mean, the likeliest first, starting with `text` itself.

    The others leave out a possessive ("TikTok's parent company"), Korean particles (쿠팡은), legal forms (쿠팡Inc) and
    finally "Group" (그룹), each only if something remains.
    """
    found = [text.strip()]

    def add(changed: str) -> None:
        if has_letters(changed) and changed.strip() not in found:
            found.append(changed.strip())

    add(re.sub(r"[’']s?$", "", found[-1]))
    add(re.sub(r"(?i)^.*[’']s?\s+(?:parent|owner)(?:\s+company)?,?\s+", "", found[-1]))
    add(_PARTICLE.sub("", found[-1]))
    add(_KOREAN_FORM.sub("", found[-1]))
    add(re.sub(r"(?i)\s+group$|\s*그룹$", "", found[-1]))
    return found
