"""What a sum is where it is no total: a difference of two, an average, a part, or what outside firms were paid."""

from __future__ import annotations

import re
from typing import Any

from lobbyx.reading.claims.english.words import pattern

_UNIT = r"(?P<unit>quarter|year|month|annum|week|day|lobbyist|firm)"
_PER_AFTER = re.compile(
    r"(?i)^\s?(?:,\s)?(?:(?:on\slobbying|in\slobbying|for\slobbying|lobbying)\s)?(?:(?:a|an|per|each"
    rf"|every)\s{_UNIT}\b(?!\s(?:ago|earlier|before|later|prior))|(?P<adverb>annually|quarterly|yearly"
    r"|monthly)\b(?!\son))"
)
_PER_NEAR = re.compile(rf"(?i)\b(?:a|per|each|every)\s{_UNIT}\b(?!\s(?:ago|earlier|before|later|prior))")
_ADJECTIVE = re.compile(
    r"(?i)\baverage\s(?P<unit>quarter|year|month)\w*|\b(?P<adj>quarterly|annual|yearly|monthly)\saverage\b"
)
_DIFFERENCE_AFTER = re.compile(
    r"(?i)^(?:,\sor\s[\d.]+\s?(?:%|percent),)?\s(?P<way>more|less|higher|lower|fewer|above|below|greater|increase|rise|jump|drop|decline|decrease|cut"
    r"|reduction|gain|fall|hike|boost|bump)\b(?!\son\s(?!lobby|the\s|what\s|last\s|20))(?=(?:\s(?:than|from|over|in|compared"
    r"|the|what|for|to|on)|[,.;)]|$))"
)
_DIFFERENCE_TO = re.compile(
    r"(?i)\b(?P<verb>r[io]se|risen|increas\w+|grew|climbed|jumped|surged|soared|up|f[ae]ll|dropped|decreased"
    r"|declined|down|cut|slipped|fell|slid|sank|tumbled|leapt|edged|plunged)\s(?:(?:its|their|the)\s(?:[\w-]+\s){1,4})?(?:by\s)?(?:about\s|some\s|nearly\s"
    r"|roughly\s|almost\s|another\s)?$"
)
_DOWN = re.compile(
    r"(?i)less|lower|fewer|below|drop|declin|decreas|cut|reduc|f[ae]ll|down|shrank|slip|slid|sank|tumbl|plung|trim|slash|dip"
)


def difference(near: str, tail: str) -> dict[str, Any]:
    """What a sum says if it is the difference of two: words before it (since the last figure) and after; else empty."""

    def told(way: str) -> dict[str, Any]:
        return {"sum": "difference", "direction": "down" if _DOWN.search(way) else "up"}

    if (m := _DIFFERENCE_AFTER.match(tail)) and not re.search(r"(?i)\b(?:one|any)\b", m.group()):
        return told(m["way"])
    if m := re.search(
        rf"(?i)(?:{pattern('sum', 'difference_before').pattern})\s(?:about\s|some\s|nearly\s|roughly\s|almost\s"
        r"|more\sthan\s|over\s|at\sleast\s|a\s|an\s|another\s|just\s|around\s)*$",
        near,
    ):
        return told(m.group())
    if (m := _DIFFERENCE_TO.search(near)) and re.match(
        r"(?i)^(?:\s(?:on\slobbying|in\slobbying))?,?\s(?:to|from)\s\W*(?:[\w]+\s){0,3}\$|^\sfrom\s(?:a\syear"
        r"|the\s(?:year|previous|prior|same)|20)",
        tail,
    ):
        return told(m["verb"])
    return {}


_PER = {
    "annually": "year",
    "yearly": "year",
    "annual": "year",
    "annum": "year",
    "quarterly": "quarter",
    "monthly": "month",
}


def average(near: str, tail: str, clause_tail: str) -> dict[str, Any]:
    """What a sum says if it is an average, with the period it is for; else empty."""
    after = _PER_AFTER.match(tail)
    said = pattern("sum", "average").search(near[-60:]) or re.search(r"(?i)\bon average\b", clause_tail[:60])
    if after is None and not said:
        return {}
    m = after or _PER_NEAR.search(clause_tail[:60]) or _ADJECTIVE.search(near) or _PER_NEAR.search(near)
    unit = None
    if m is not None:
        groups = m.groupdict()
        unit = groups.get("unit") or groups.get("adverb") or groups.get("adj")
    if unit is None:
        return {"sum": "average"} if said else {}
    return {"sum": "average", "per": _PER.get(unit.lower(), unit.lower())}


def outside(near: str, tail: str) -> bool:
    """Whether a sum went to outside firms alone."""
    cue = pattern("sum", "outside")
    m = cue.search(tail[:70])
    if (
        m
        and re.search(r"(?i)\b(?:on|to|for|into|with|among|hiring|in)\s(?:[\w-]+\s){0,4}$", tail[: m.start()])
        and not re.search(r"(?i)\b(?:including|in-house|and|its own|besides|as well)\b", tail[: m.start()])
    ):
        return True
    m = cue.search(near)
    if m and re.match(r"(?i)\s(?:got|received|took|collected|earned|were paid|accounted for)\b", near[m.end() :]):
        return True
    return bool(
        m
        and re.search(
            r"(?i)\b(?:pa(?:id|ys?|ying)|gave|hand(?:ed|ing))\s(?:its\s|the\s)?(?:[\w-]+\s){0,3}$", near[: m.start()]
        )
        and len(near) - m.end() < 30
    )


def share(near: str, tail: str) -> bool:
    """Whether a sum is a part of another."""
    before = (
        r"(?i)\bof\s(?:which|that)(?:\s(?:sum|total|amount|figure))?,?\s(?:about|nearly|some|roughly|more\sthan"
        r"|at\sleast|around|almost)?\s?$"
    )
    after = r"(?i)^\sof\s(?:that|it|this|the\stotal|the\ssum|which)\b(?!\s(?:year|quarter|period))"
    return re.search(before, near[-50:]) is not None or re.match(after, tail) is not None
