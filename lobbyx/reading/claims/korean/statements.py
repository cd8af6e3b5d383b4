"""Korean claims that are no sums: ranks, counts and records. Hirings and issues: `hirings.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lobbyx.model.claim import Claim, ClaimKind, Comparator
from lobbyx.reading.claims.assembly import Reading, claim
from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.korean.changes import Change
from lobbyx.reading.claims.korean.figures import number
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.org_links import GENERIC, orgs
from lobbyx.reading.claims.korean.stance import stance
from lobbyx.reading.claims.korean.time_links import whens
from lobbyx.reading.claims.korean.words import loose, pattern, words
from lobbyx.reading.claims.links import rank, weights
from lobbyx.reading.claims.mentions import Time

SURE_FROM = 0.7
"""As of figures: a claim is sure where its fields together are right with at least this chance."""
_WORTH = re.compile(
    r"[0-9두세네]\s?(?:여\s?)?(?:명|곳|개|건|위|번째)|가장|고용|선임|영입|기용|계약|역대|사상|상대로|대상으로|H\.?R\.?\s?[0-9]"
    r"|S\.\s?[0-9]|관련|법안|반대|위해|대(?:해|한)"
)


def worth_reading(sentence: str, context: Context) -> bool:
    """Whether a sentence without money may make such a claim."""
    speaks = pattern("cues", "lobbying").search(sentence) is not None or context.about_lobbying
    return speaks and _WORTH.search(sentence) is not None


def statements(a: Analysis, read_: Sequence[Reading]) -> list[Claim]:
    """The ranks, counts and records of a sentence; `read_` are the readings of its figures."""
    found = [*_ranks(a, read_), *_counts(a)]
    return found if read_ else [*found, *_records(a)]


def stated(
    a: Analysis,
    kind: ClaimKind,
    at: tuple[int, int],
    value: float | None,
    *,
    comparator: Comparator = "exact",
    detail: Mapping[str, Any] | None = None,
    org: str | None = "",
    time: Time | None = None,
) -> Claim:
    """A claim whose organization and period are linked as those of a figure at its place would be.

    `org` and `time`, where given, are known already ("" and None: to be linked).
    """
    stand_in = Change(at[0], at[1], "fraction", value or 0, 1, None, comparator)
    learned = weights("korean")
    who, when = rank("org", orgs(a, stand_in), learned), rank("window", whens(a, stand_in), learned)
    named = who[0].what.name if org == "" else org
    confidence = {"org": 0.95 if org else sum(s.probability for s in who if s.what.name == named)}
    if time is None:
        confidence["window"] = min(0.9, when[0].probability)
    reading = Reading(
        kind=kind,
        figure=stand_in,
        org=named,
        time=when[0].what.time if time is None else time,
        comparator=comparator,
        stance=stance(a, stand_in),
        detail=detail or {},
        confidence=confidence,
    )
    made = claim(reading, a.sentence, SURE_FROM)
    return made if value is not None else replace(made, value=None)


# Ranks ---------------------------------------------------------------------------------------------------------------

_PLACE = re.compile(r"(?<![0-9.,])(?P<n>[0-9]{1,3})위(?!원|권|치|안|협|임)")
_TOP = re.compile(r"상위\s?(?P<n>[0-9]{1,3})\s?(?:위|대|곳|개)?(?:권|안)?(?:에|의|로|\s기업|\s회사)")
_MOST = re.compile(
    r"(?:(?P<nth>두|세|네|다섯)\s?번째로\s)?(?P<most>가장)?\s?"
    r"(?:많은|많이|큰|컸던|많았던|컸|많았|높은|높았|많다|크다)"
    r"(?P<rest>[^.]{0,40}?(?P<head>곳|기업|회사|업체|단체|그룹|기관))?"
)
_AMONG = re.compile(
    r"(?P<words>[^.()]{2,60}?)(?:\s(?:가운데|중에서?는?|중)|업종에서는?|업계에서는?)(?=[\s,])(?!.*(?:가운데|\s중\s))"
)
_RECORD = re.compile(
    r"역대|사상|이후\s가장|이래\s가장|자체\s최|분기\s기준\s가장|분기별로는\s가장|들어\s가장|지금까지\s가장|기록\s?이후"
)
_NTH = {"두": 2, "세": 3, "네": 4, "다섯": 5}


def _ranks(a: Analysis, read_: Sequence[Reading]) -> Iterator[Claim]:
    s = a.sentence
    if not (a.cued("lobbying_money") or a.cued("spending") or read_):
        return
    for m in _PLACE.finditer(s):
        yield _rank(a, m.span(), int(m["n"]), "exact", read_)
    for m in _TOP.finditer(s):
        yield _rank(a, (m.start(), m.end() - 1), int(m["n"]), "at_most", read_)
    for m in _MOST.finditer(s):
        record = _RECORD.search(s[max(0, m.start() - 14) : m.end()])
        if not (m["nth"] or m["most"]) or record or a.cued("share", m.start(), m.end()):
            continue
        stated_so = re.match(r"\s?(?:았|었|다|고|으며|며)", s[m.end() : m.end() + 2])
        if m["head"] or stated_so or m.group().endswith(("컸", "많았", "높았", "다")):
            yield _rank(a, m.span(), _NTH.get(m["nth"] or "", 1), "exact", read_)


def _rank(a: Analysis, at: tuple[int, int], place: int, comparator: Comparator, read_: Sequence[Reading]) -> Claim:
    named = _beside(a, at) or _put_in(a, at) or _of_sum(a, at, read_)
    time = next((r.time for r in read_ if r.kind == "spend" and r.org == named and r.time), None) if named else None
    group = _group(a.sentence[: at[0]])
    detail = {"group": group} if group else {}
    return stated(a, "rank", at, place, comparator=comparator, detail=detail, org=named or "", time=time)


def _group(before: str) -> str | None:
    """ "국내 기업 가운데": whom a rank is among, up to the particle before it."""
    m = _AMONG.search(before)
    if m is None:
        return None
    kept: list[str] = []
    for word in reversed(m["words"].split()):
        if re.search(r"(?:은|는|을|를|에|로|며|고|서|의|도|,|[0-9])$", word) or word in ("이", "그"):
            break
        kept.insert(0, word)
    return " ".join(kept) or None


def _beside(a: Analysis, at: tuple[int, int]) -> str | None:
    """ "2위 효성은", "1위인 두산은"."""
    m = re.compile(r"인?\s").match(a.sentence, at[1])
    return next((s.name for s in a.spenders if m and s.kind == "name" and s.start == m.end()), None)


def _put_in(a: Analysis, at: tuple[int, int]) -> str | None:
    """ "가장 많이 쓴 곳은 메타였다", "2위는 SK다": the name that is put in."""
    for head in a.units:
        text = a.sentence[head.start : head.end]
        if (
            head.kind != "noun"
            or head.role not in ("topic", "subject")
            or not at[0] < head.end
            or head.start > at[1] + 30
        ):
            continue
        if not (GENERIC.search(text) or re.search(r"[0-9]위$", text)):
            continue
        for spender in a.spenders:
            role = a.units[spender.unit].role
            if spender.start >= head.end and role in ("copula", "to", "comma") and spender.kind in ("name", "group"):
                return spender.name
    return None


def _of_sum(a: Analysis, at: tuple[int, int], read_: Sequence[Reading]) -> str | None:
    """The organization of a sum that stands in the same clause as a rank."""
    found: str | None = None
    if re.search(r"에\s?이[은어]\s?$|다음으로\s?$|다음\s?$", a.sentence[: at[0]]):
        return a.context.org  # "구글에 이은 4위": of another
    for r in read_:
        between = a.sentence[min(r.figure.end, at[1]) : max(r.figure.start, at[0])]
        if r.kind == "spend" and len(between) < 40 and not re.search(r"[고며][,\s]|지만", between):
            found = r.org
    return found


def _records(a: Analysis) -> Iterator[Claim]:
    m = re.search(r"(?:역대|사상)\s?(?:최대|최고|최다)[^.]{0,14}?(?:기록|경신|갈아|찍|이다|였|를|치)", a.sentence)
    if m and a.cued("lobbying_money"):
        yield stated(a, "change", m.span(), None, detail={"record": True})


# Counts --------------------------------------------------------------------------------------------------------------

MOST_COUNTED = 10**6
_N = r"(?P<n>[0-9][0-9,]*\s?(?:[만천백]\s?[0-9,]*\s?){0,3}|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열한|열두|열|스무)"
_EMPLOYS = re.compile(
    r"고용|등록|두고|둔|선임|영입|거느|투입|활동|기용|계약|동원|포진|유지|보유|명이었|명으로|명이다|명에|신고|제출|썼|맡|늘렸|늘었|줄"
)
_BOUND = re.compile(r"\s?(?P<word>이상|넘|이하|미만|가량|안팎|정도|가까이)")
_BOUNDS: Mapping[str, Comparator] = {
    "이상": "at_least",
    "넘": "more_than",
    "이하": "at_most",
    "미만": "less_than",
    "가량": "about",
    "안팎": "about",
    "정도": "about",
    "가까이": "nearly",
}
_REGISTERED = re.compile(r"등록\s?(?:된\s?)?로비스트|이름을\s올린\s로비스트|로비스트\s(?:등록|전체)")
_MORE = {
    "lobbyists": re.compile(rf"{_N}\s?명(?:이었|이다|에서|으로|,)"),
    "filings": re.compile(rf"{_N}\s?건(?:이었|이다|에서|으로|,)"),
}


@cache
def _counted() -> tuple[tuple[str, re.Pattern[str]], ...]:
    known: dict[str, list[str]] = words("korean_figures")["counted"]
    return tuple((what, re.compile(loose(text).replace("<N>", _N))) for what, texts in known.items() for text in texts)


def _count(text: str) -> int:
    known: dict[str, int] = words("korean_figures")["counts"]["words"]
    return known.get(text.strip()) or number(text)[0] // 100


def _counts(a: Analysis) -> Iterator[Claim]:
    taken: list[tuple[int, int]] = []
    nobody = not any(s.kind in ("name", "group") for s in a.spenders)
    for what, found in _counted():
        for m in found.finditer(a.sentence):
            at, value = m.span("n"), _count(m["n"])
            employs = _EMPLOYS.search(a.sentence[max(0, m.start() - 30) : m.end() + 40])
            if not 0 < value < MOST_COUNTED or not employs or any(s <= at[0] < e for s, e in taken):
                continue
            taken.append(at)
            bound = _BOUND.match(a.sentence[m.end() :])
            comparator: Comparator = _BOUNDS[bound["word"]] if bound else "exact"
            org = "total" if what == "lobbyists" and nobody and _REGISTERED.search(a.sentence) else ""
            detail = {"counted": what}
            yield stated(a, "count", m.span(), value, comparator=comparator, detail=detail, org=org)
            for more in (
                _MORE[what].finditer(a.sentence, m.end()) if what in _MORE else ()
            ):  # "..., 2007년에는 1만4천856명이었다"
                if 0 < _count(more["n"]) < MOST_COUNTED:
                    taken.append(more.span("n"))
                    yield stated(a, "count", more.span("n"), _count(more["n"]), detail=detail, org=org)
