"""Whether a Korean text says that a figure is so, denies it, asks, or tells of a plan."""

from __future__ import annotations

import re

from lobbyx.model.claim import Stance
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.org_links import Figured
from lobbyx.reading.claims.korean.spent import clause
from lobbyx.reading.claims.korean.structure import Predicate
from lobbyx.reading.claims.korean.words import pattern

_SAYS_SO = re.compile(r"(?:다|라|냐)(?:는|고|며|던|ᆫ)?$|다는|라는|다고|라고|냐는|는지$|ᆫ지$|은지$|을지$|ᆯ지$")
"""Endings by which a clause is told, not stated: "썼다는 주장은", "썼다고"."""
_IF = re.compile(r"(?:더라면|다면|ᆫ다면|는다면|었으면|라면)$")
_PLANNED_NOUN = re.compile(
    r"\s?(?:것으로\s(?:예상|전망|보인|보이|관측|추정되는\s전망)|계획|예정|방침|전망|목표|생각|듯|것이라|것이다|것으로\s알려진\s계획|수\s?(?:있|밖))"
)
_REACHES = ("미치", "이르", "달하", "되", "못하")
"""Verbs whose negation compares: "839만 달러로, 2천472만 달러에 못 미친다"."""
_RECKONS = ("합하", "더하", "합치", "보", "따지", "비교", "감안", "환산", "포함")
"""Verbs whose condition is a way of reckoning: "모두 합하면"."""
_PLANS = ("책정", "배정", "편성", "예상", "전망", "계획", "약속", "검토", "요청")
_ASKED = re.compile(r"[?？]\s*[\"'”’)]*\s*$")


def stance(a: Analysis, figure: Figured) -> Stance:
    """The stance of the text towards a figure."""
    place = a.unit(figure)
    at = a.governed(place)
    predicates = a.structure.predicates
    own = predicates[at] if at >= 0 else None
    _, end = clause(a, figure)
    if own is None:
        return _told_in(a, figure.end, end) or "asserted"
    if own.negated and own.stem not in ("이다", *_REACHES) and not _is_bound(figure, own):
        return "denied"
    if own.stem == "아니다":
        return "denied"
    if own.future or _IF.search(own.ending) or (own.ending in ("면", "으면") and own.stem not in _RECKONS):
        return "questioned" if pattern("cues", "questioned").search(a.sentence[own.start : own.end + 8]) else "planned"
    if own.stem in _PLANS:
        return "planned"
    after = a.sentence[own.end : own.end + 14]
    if _PLANNED_NOUN.match(after) and own.kind == "adnominal" and own.future:
        return "planned"
    outer = _outer(a, own, at)
    if outer is not None:
        return outer
    if own.kind == "nominal" and (
        m := re.match(r"로\s?(?:했|한|하고|계획|예정|약속|합의)", a.sentence[own.end : own.end + 8])
    ):
        return "planned" if m else "asserted"
    if _ASKED.search(a.sentence):
        return "questioned"
    return "asserted"


def _is_bound(figure: Figured, own: Predicate) -> bool:
    """ "100만 달러를 넘지 않았다", "100만 달러에 미치지 못했다" is a bound, no denial."""
    return figure.comparator in ("at_most", "less_than", "nearly") and figure.span[1] > own.start


def _told_in(a: Analysis, start: int, end: int) -> Stance | None:
    text = a.sentence[start:end]
    if pattern("cues", "planned").search(text):
        return "planned"
    return "questioned" if pattern("cues", "questioned").search(text) else None


def _outer(a: Analysis, own: Predicate, at: int) -> Stance | None:
    """What is said about a clause that is told: "썼다는 주장은 사실과 다르다", "썼다는 의혹"."""
    quoted = bool(_SAYS_SO.search(own.ending)) and own.kind in ("adnominal", "connective", "nominal")
    rest = a.sentence[own.end :]
    if own.kind == "adnominal" and (
        m := re.match(r"\s?(?:것|게|건|걸)(?:이|은|도)?\s?(?:아니|사실이\s?아니|사실과\s?다르)", rest)
    ):
        return "denied" if m else None
    if not quoted:
        near = rest[:16]
        if own.kind in ("adnominal",) and re.match(r"\s?(?:계획|예정|방침|전망|목표)", near):
            return "planned"
        if own.kind == "adnominal" and re.match(r"\s?(?:의혹|혐의|것\s?아니냐)", near):
            return "questioned"
        return "planned" if re.match(r"\s?것으로\s(?:예상|전망)", near) else None
    if re.search(r"지$", own.ending):
        return "questioned"
    scope = rest[:60]
    if re.match(r"\s?(?:의혹|소문|루머|추측|설|논란|혐의|의심)", scope):
        return (
            "denied"
            if pattern("cues", "denied").search(scope) and not re.search(r"의혹을\s?(?:부인|반박)하지", scope)
            else "questioned"
        )
    denied = re.search(
        r"(?:사실이\s?아니|사실과\s?다르|사실\s?무근|허위|거짓|틀렸|틀린|잘못|오보|부인|반박|일축|왜곡|근거\s?없)",
        scope,
    )
    if denied:
        return "denied"
    if re.match(r"[고며면]?\s?(?:주장|보도)[^.]{0,20}(?:확인되지|불분명|의문)", scope) or re.match(
        r"\s?(?:확인되지|의문)", scope
    ):
        return "questioned"
    return None
