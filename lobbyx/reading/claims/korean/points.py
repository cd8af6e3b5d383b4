"""Points of time in a Korean sentence: years, parts of years, lengths, and words such as 같은 기간.

Words are data (`data/reading/korean_times.toml`). A year is put together with the part that follows it ("2021년" +
"3분기"), and what parentheses say again is dropped ("4분기(10~12월)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from lobbyx.reading.claims.korean.periods import Point, Unit
from lobbyx.reading.claims.korean.words import loose, words

DASH = r"[~∼〜～–—-]"


@cache
def _atom_pattern() -> re.Pattern[str]:
    w = words("korean_times")
    lengths = w["lengths"]
    numbers = "|".join(lengths["numbers"])
    units = "|".join(loose(u) for u in sorted(lengths["months"], key=len, reverse=True))
    published = "|".join(f"(?P<pub{i}>{loose(p)})" for i, p in enumerate(w["years_from_publication"]))
    context = "|".join(f"(?P<ctx{i}>{loose(p)})" for i, p in enumerate(w["years_from_context"]))
    relative = "|".join(f"(?P<{name}>{loose(p)})" for name, p in w["relative"].items())
    year = r"(?:19[89]|20[0-4])[0-9]"
    number = r"(?<![0-9.])(?<![0-9],)"
    return re.compile(
        rf"""(?x)
        (?P<y1>{number}{year})\s?년?\s?{DASH}\s?(?P<y2>{year}|(?<![0-9])[0-9]{{2}})\s?(?:년|회계연도)
      | (?P<dot_year>{number}{year})\s?[.]\s?(?P<dot_month>1[0-2]|0?[1-9])
        (?:\s?[.]\s?(?P<dot_day>[0-3]?[0-9]))?(?![0-9])[.]?
        (?!\s?(?:만|억|%))
      | (?P<year>{number}{year})\s?(?:년도?(?!대|생|식|간)|회계연도)
      | (?:(?P<short>['’‘][0-9]{{2}})\s?년?
        |{number}(?P<bare>[0-2][0-9])년(?=\s?(?:[1-4]\s?분기|[상하]반기|[0-9]{{1,2}}월)))
      | {number}(?P<q4>[1-4])\s?[·/ㆍ∙]\s?4\s?분기
      | {number}(?P<q1>[1-4])\s?(?:분기\s?)?(?:{DASH}|부터\s|[·ㆍ∙,])\s?(?P<q2>[2-4])\s?분기
      | {number}(?P<q>[1-4])\s?분기(?!\s?(?:연속|째|만에|간))
      | (?<![A-Za-z0-9])(?:(?P<qa>[1-4])Q|Q(?P<qb>[1-4]))(?![A-Za-z0-9])
      | (?P<edge>{w["parts"]["first"]}|{w["parts"]["last"]})\s?
        (?:(?P<edge_n>[0-9]|{numbers})\s?(?:개월|달)|(?P<edge_q>분기))
      | (?P<h1>상반기|전반기)|(?P<h2>하반기|후반기)
      | {number}(?P<m1>1[0-2]|0?[1-9])\s?(?:월\s?)?{DASH}\s?(?P<m2>1[0-2]|0?[1-9])\s?월(?!\s?[0-9]{{1,2}}일)
      | (?:지난\s?)?{number}(?P<m>1[0-2]|0?[1-9])월(?:\s?(?P<d>[0-3]?[0-9])일)?(?:\s?(?P<m_edge>말|초|중순|하순|상순))?
      | (?P<one_year>지난\s?한\s?해)
      | (?:(?P<recent>{lengths["recent"]})\s)?{number}(?P<n>[0-9]{{1,2}}|{numbers}|반)\s?(?P<n_unit>{units})(?:여)?\s?
        (?:(?P<lasting>{lengths["lasting"]})|(?P<within>{lengths["within"]})|(?P<never>{lengths["never"]})|(?P<ago>{lengths["ago"]}))?
      | {relative}
      | {context}
      | {published}
      | (?P<now>최근|현재|지금|이날|오늘|이제)(?=까지|\s?기준)
        """
    )


def _atoms(sentence: str) -> Iterator[Point]:
    w = words("korean_times")
    for m in _atom_pattern().finditer(sentence):
        g = m.groupdict()
        point = _dated_atom(g, m.span(), w) or _length(g, m.span(), w)
        if point is not None:
            yield point
            continue
        if g["n"]:
            continue
        if special := next((name for name in (*w["relative"], "now") if g.get(name)), ""):
            yield Point(*m.span(), special=special)
        for i, years in enumerate(w["years_from_context"].values()):
            if g[f"ctx{i}"]:
                yield Point(*m.span(), year=years, base="context")
        for i, years in enumerate(w["years_from_publication"].values()):
            if g[f"pub{i}"]:
                yield Point(*m.span(), year=years, base="published")


def _dated_atom(g: dict[str, Any], at: tuple[int, int], w: dict[str, Any]) -> Point | None:
    if g["y1"]:
        last = int(g["y2"]) if len(g["y2"]) == 4 else int(g["y1"][:2] + g["y2"])
        return Point(*at, year=int(g["y1"]), base="absolute", last_year=last) if int(g["y1"]) <= last else None
    if g["dot_year"]:
        unit: Unit = "day" if g["dot_day"] else "month"
        month = int(g["dot_month"])
        return Point(*at, int(g["dot_year"]), "absolute", unit, month, month, int(g["dot_day"] or 0))
    if g["year"]:
        return Point(*at, year=int(g["year"]), base="absolute")
    if short := g["short"] or g["bare"]:
        n = int(short[-2:])
        return Point(*at, year=n + (1900 if n > 80 else 2000), base="absolute")
    if g["one_year"]:
        return Point(*at, year=-1, base="published")
    if q := g["q4"] or g["q"] or g["qa"] or g["qb"]:
        return Point(*at, unit="quarter", first=int(q), last=int(q))
    if g["q1"]:
        return Point(*at, unit="quarter", first=int(g["q1"]), last=int(g["q2"])) if g["q1"] < g["q2"] else None
    if g["edge"]:
        at_end = re.fullmatch(w["parts"]["last"], g["edge"]) is not None
        if g["edge_q"]:
            return Point(*at, unit="quarter", first=4 if at_end else 1, last=4 if at_end else 1)
        n = w["lengths"]["numbers"].get(g["edge_n"]) or int(g["edge_n"])
        return Point(*at, unit="month", first=13 - n if at_end else 1, last=12 if at_end else n) if 0 < n < 12 else None
    if g["h1"] or g["h2"]:
        half = 1 if g["h1"] else 2
        return Point(*at, unit="half", first=half, last=half)
    if g["m1"]:
        return Point(*at, unit="month", first=int(g["m1"]), last=int(g["m2"])) if int(g["m1"]) < int(g["m2"]) else None
    if g["m"]:
        unit = "day" if g["d"] else "month"
        return Point(*at, None, "none", unit, int(g["m"]), int(g["m"]), int(g["d"] or 0), at_end=g["m_edge"] == "말")
    return None


def _length(g: dict[str, Any], at: tuple[int, int], w: dict[str, Any]) -> Point | None:
    if not g["n"] or g["never"]:
        return None
    n = 0.5 if g["n"] == "반" else w["lengths"]["numbers"].get(g["n"]) or int(g["n"])
    per = next(v for u, v in w["lengths"]["months"].items() if re.fullmatch(loose(u), g["n_unit"]))
    months = int(n * per)
    special = "within" if g["within"] and not g["recent"] else "ago" if g["ago"] else "length"
    if not months or not (g["recent"] or g["lasting"] or special != "length"):
        return None
    return Point(
        *at,
        unit="year" if per == 12 else "quarter" if per == 3 else "month",
        first=months,
        special=special,
        recent=bool(g["recent"]),
    )


# Put together --------------------------------------------------------------------------------------------------------

_JOINED = re.compile(r"\s?(?:의|에만|에도|에는|에|엔|도|는|은)?\s?(?:한\s?해\s?)?\s?")
_RESTATED = re.compile(r"\s?(?:까지|기준)?\s?\)")


def points(sentence: str) -> list[Point]:
    """The points of a sentence, in order."""
    found: list[Point] = []
    for atom in _atoms(sentence):
        joined = _join(found[-1], atom, sentence) if found else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(atom)
    return found


def _join(before: Point, atom: Point, sentence: str) -> Point | None:
    """One point out of two that stand beside each other; None where they are two."""
    gap = sentence[before.end : atom.start]
    if before.is_bare_year and atom.base == "none" and not atom.special and _JOINED.fullmatch(gap):
        return replace(atom, start=before.start, year=before.year, base=before.base)
    if before.is_bare_year and atom.special == "same" and re.fullmatch(r"\s?(?:의\s?)?", gap):
        return replace(before, end=atom.end, special="same")
    if before.special == "ago" and atom.special == "same" and not gap.strip():
        return replace(before, end=atom.end)
    closing = _RESTATED.match(sentence, atom.end)
    if closing is None or not re.fullmatch(r"\s?\(\s?", gap):
        return None
    # "지난 5년간(2021년 8월~2025년 12월)" stays with what the parentheses say, as does what counts from another period.
    says_more = (
        before.special in ("length", "same", "last_quarter", "quarter_before", "this_quarter")
        or (before.year is None and atom.year is not None)
        or (before.base != "absolute" and before.unit is None and atom.base == "absolute")
    )
    return replace(atom if says_more else before, start=before.start, end=closing.end())
