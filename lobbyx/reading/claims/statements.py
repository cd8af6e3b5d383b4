"""Claims in an English sentence that are no sums: changes, records, ranks, counts, hirings, issues.

Each reader takes the parts of the sentence that `english.py` found and returns claims whose offsets count from the
sentence. What is not said is listed in `missing`. The words are data: `[statements]` of `data/claims_english.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lobbyx.model.bills import find_bills
from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.period import Window, months_from
from lobbyx.reading.claims import building
from lobbyx.reading.claims.lexicon import pattern, spaced, words
from lobbyx.reading.claims.money import Amount
from lobbyx.reading.claims.times import Time

NUMBERS = {
    word: n
    for n, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        1,
    )
} | {"a dozen": 12, "two dozen": 24, "thirty": 30, "forty": 40, "fifty": 50}
ORDINALS = {
    word: n
    for n, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
_N = rf"(?:[0-9]{{1,4}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found in a sentence."""

    sentence: str
    figures: Sequence[Amount]
    """Sums that are spending claims."""
    figure_claims: Sequence[Claim]
    """These claims, in the same order; offsets count from the sentence."""
    expressions: Sequence[Time]
    names: Sequence[tuple[int, int, str]]
    org_at: Callable[[int], str | None]
    """The organization whose statement stands at a place."""


def read(parts: Parts) -> list[Claim]:
    """All claims that are no sums, in the order of their kinds."""
    found = [*_changes(parts), *_ranks(parts), *_counts(parts)]
    if not parts.figures:
        found += [*_records(parts), *_hirings(parts), *_issues(parts)]
    return found


def is_record(sentence: str) -> bool:
    """Whether a sentence says that spending was the highest yet."""
    return bool(pattern("statements", "record").search(sentence))


def is_first_time(sentence: str) -> bool:
    """Whether a sentence says that a mark was passed for the first time."""
    return bool(re.search(r"(?i)\b(?:for the|its|their) first time\b|\bfirst time (?:ever|above|over)\b", sentence))


def comparator_before(text: str) -> tuple[Comparator, int]:
    """The comparator that ends a text, and where it begins; `exact` and the end where there is none."""
    filler = r"(?:\s(?:a|an|the|its|their|just|its own|total|combined|record|whopping|staggering|additional|of))*\s*$"
    best: tuple[int, Comparator] | None = None
    for name, entries in words()["comparators"].items():
        for m in re.finditer(rf"(?i)(?<![\w$])(?:{spaced(entries)}){filler}", text):
            if best is None or m.start() < best[0]:  # "no more than", not the "more than" inside it
                best = m.start(), name
    return (best[1], best[0]) if best else ("exact", len(text))


def _claim(
    parts: Parts,
    kind: Any,
    span: tuple[int, int],
    value: float | None,
    comparator: Comparator,
    time: Time | None,
    *,
    precision: float = 1,
    detail: Mapping[str, Any] | None = None,
    missing: Sequence[str] = (),
    org: str | None = None,
) -> Claim:
    return building.claim(
        *(parts.sentence, span, org or parts.org_at(span[0]), time),
        lacks=missing,
        kind=kind,
        value=value,
        precision=precision,
        comparator=comparator,
        detail=detail or {},
    )


def _comparator_at(parts: Parts, place: int, reach: int) -> tuple[Comparator, int]:
    """The comparator before a place, at most `reach` characters away, and where it begins; else the place itself."""
    before = parts.sentence[max(0, place - reach) : place]
    comparator, start = comparator_before(before)
    return comparator, place if comparator == "exact" else place - len(before) + start


# Changes and records ---------------------------------------------------------------------------------------------

_PERCENT = re.compile(
    r"(?<![\w.])(?P<number>[0-9]{1,4}(?:\.[0-9]+)?)\s?(?:%|percent\b|per\scent\b)(?!\s(?:of|points?)\b)"
)
_BASELINE = re.compile(r"(?i)\b(?:from|than|over|compared\s(?:to|with)|versus|vs\.?|against|on|since)\b[^.;]{0,40}$")
_YEAR_ON_YEAR = re.compile(r"(?i)\byear[\s-](?:over|on)[\s-]year\b|\bannually\b")
_QUARTER_ON_QUARTER = re.compile(r"(?i)\bquarter[\s-](?:over|on)[\s-]quarter\b")


def _changes(parts: Parts) -> Iterator[Claim]:
    for m in _PERCENT.finditer(parts.sentence):
        sign = _direction(parts.sentence, m.start(), m.end())
        if sign and _is_of_spending(parts, m.start(), m.end()):
            number = m["number"]
            decimals = len(number.partition(".")[2])
            comparator, begin = _comparator_at(parts, m.start(), 40)
            value = round(sign * float(number) / 100, 6)
            yield _change(parts, begin, m.end(), value, 10.0 ** -(decimals + 2), comparator)
    for m in pattern("statements", "multiplied").finditer(parts.sentence):
        if not _is_of_spending(parts, m.start(), m.end()):
            continue
        value = next(v for word, v in words()["statements"]["multiples"].items() if re.search(word, m.group().lower()))
        comparator, begin = _comparator_at(parts, m.start(), 20)
        yield _change(parts, begin, m.end(), value, 0.1, comparator)


def _change(parts: Parts, start: int, end: int, value: float, precision: float, comparator: Comparator) -> Claim:
    baseline = _baseline(parts, end)
    others = [t for t in parts.expressions if t is not baseline]
    before = [t for t in others if t.end <= start and not _is_baseline(parts, t, 0)]
    after = [t for t in others if t.start >= end and not _is_baseline(parts, t, end)]
    figure = [claim for claim in parts.figure_claims if claim.start < start] or parts.figure_claims
    time = _time_of_claim(parts, figure[-1]) if figure else None
    time = time or (before[-1] if before else after[0] if after else None)
    window = baseline.window if baseline else _implied_baseline(parts, time)
    last = baseline.end if baseline and baseline.start >= end else end
    detail: dict[str, Any] = {"baseline": window.json()} if window else {}
    missing = [] if window else ["baseline"]
    return _claim(
        parts, "change", (start, last), value, comparator, time, precision=precision, detail=detail, missing=missing
    )


def _time_of_claim(parts: Parts, claim: Claim) -> Time | None:
    return next((t for t in parts.expressions if t.window == claim.window), None)


def _is_baseline(parts: Parts, time: Time, end: int) -> bool:
    before = _YEAR_ON_YEAR.sub("", parts.sentence[max(end, time.start - 45) : time.start])
    return bool(_BASELINE.search(_QUARTER_ON_QUARTER.sub("", before))) or bool(
        re.match(r"(?i)from\b|than\b|over\b", parts.sentence[time.start : time.start + 5])
    )


def _baseline(parts: Parts, end: int) -> Time | None:
    """The expression of the period a change is reckoned from: after "from", "than", "compared with"."""
    for time in parts.expressions:
        if time.start >= end and _is_baseline(parts, time, end):
            return time
    # "In 2023 it spent $3 million; in 2024, 12% more": none is said.
    return None


def _implied_baseline(parts: Parts, time: Time | None) -> Window | None:
    if time is None or time.window.start is None or time.window.end is None:
        return None
    start, end = time.window.start, time.window.end
    if _QUARTER_ON_QUARTER.search(parts.sentence):
        return months_from(start, back=3, months=3) if start.day == 1 else None
    whole_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    if _YEAR_ON_YEAR.search(parts.sentence) or whole_year:
        back = (d.replace(year=d.year - 1, day=min(d.day, 28) if d.month == 2 else d.day) for d in (start, end))
        return Window(*back)
    return None


def _direction(sentence: str, start: int, end: int) -> int:
    """1 where the words nearest to a percentage tell of a rise, -1 of a fall, 0 where they tell of neither."""
    before, after = sentence[max(0, start - 60) : start], sentence[end : end + 30]
    best: tuple[int, int] | None = None
    for sign, key in ((1, "up"), (-1, "down")):
        for m in pattern("statements", key).finditer(after):
            if best is None or m.start() < best[0]:
                best = m.start(), sign
        for m in pattern("statements", key).finditer(before):
            distance = len(before) - m.end()
            if best is None or distance < best[0]:
                best = distance, sign
    return best[1] if best else 0


def _is_of_spending(parts: Parts, start: int, end: int) -> bool:
    """Whether a change is one of lobbying money: its clause speaks of it, and of no other money."""
    clause_start = max(
        (m.end() for m in re.finditer(r"[;:()—]|\b(?:while|whereas)\b", parts.sentence[:start])), default=0
    )
    following = re.search(r"[;()—]|\b(?:while|whereas)\b", parts.sentence[end:])
    clause = parts.sentence[clause_start : end + following.start() if following else len(parts.sentence)]
    near = parts.sentence[max(clause_start, start - 60) : end + 30]
    if pattern("other_money").search(near) or pattern("conditional").search(
        parts.sentence[max(clause_start, start - 60) : start]
    ):
        return False
    if pattern("statements", "not_money").search(near):
        return False
    return bool(parts.figures) or bool(
        pattern("lobbying").search(clause) and pattern("statements", "money").search(clause)
    )


def _records(parts: Parts) -> Iterator[Claim]:
    m = pattern("statements", "record").search(parts.sentence)
    if m and _is_of_spending(parts, m.start(), m.end()) and not pattern("everyone").search(parts.sentence):
        time = _nearest_time(parts, m.start(), m.end())
        yield _claim(parts, "change", m.span(), None, "exact", time, detail={"record": True})


# Ranks -----------------------------------------------------------------------------------------------------------

_RANK = re.compile(
    rf"""(?xi)
    \b(?:(?P<ordinal>{"|".join(list(ORDINALS)[1:])}|[0-9]{{1,3}}(?:st|nd|rd|th))[\s-])?
      (?:biggest|largest|top|highest|heaviest|most\sprolific|highest-spending)[\s-]
      (?P<adjectives>(?:(?!spend|lobby)[\w&-]+\s){{0,2}}?)
      (?:lobbying\s(?:spender|client|force|budget)|spender(?:\son\s(?:\w+\s)?lobbying)?|lobbyist\semployer)(?P<plural>s)?\b
  | \brank(?:s|ed|ing)?\s(?:as\s)?(?:(?:no\.|number|\#)\s?)?
      (?P<ranked>{"|".join(ORDINALS)}|[0-9]{{1,3}}(?:st|nd|rd|th)?)\b(?=[^.;]{{0,60}}\blobby)
  | \b(?:out-?spent|outspends)\s(?P<all>(?:all|every|any)\s(?:of\s(?:its|the)\s)?
      (?:other|rivals?|competitors?|peers?)[^,.;]{{0,40}}?)(?=\s(?:on|in|during|last|this)\b|[,.;]|$)
  | \bspent\smore\s(?:money\s)?on\s(?:\w+\s){{0,2}}lobbying\sthan\s
      (?P<any>(?:any|every|all)\sother\s[^,.;]{{3,40}}?)(?=\s(?:in|during|last|this)\b|[,.;]|$)
  | \b(?:among|one\sof)\sthe\s(?:country's\s|nation's\s)?(?:top|biggest|largest)\s(?P<within>{_N})\s
      (?:\w+\s){{0,2}}?(?:lobbying\sspenders|spenders\son\s(?:\w+\s)?lobbying|lobbying\sclients)\b
    """
)
_GROUP = re.compile(
    r"(?i)^\s*(?:(?:on|in|for)\s(?:\w+\s)?lobbying(?:\s(?:spending|expenditures|expenses))?\s)?(?:among|of\sall|of\sany|in\sthe|within)\s(?:the\s)?(?P<group>[^,.;]{3,60}?)"
    r"(?=\s(?:in|during|last|this|so\sfar|since|over)\b|[,.;]|$)"
)


def _ranks(parts: Parts) -> Iterator[Claim]:
    for m in _RANK.finditer(parts.sentence):
        around = parts.sentence[max(0, m.start() - 40) : m.end() + 40]
        if pattern("conditional").search(parts.sentence[max(0, m.start() - 40) : m.start()]) or re.search(
            r"(?i)\bnot\b", around[:40]
        ):
            continue
        comparator: Comparator = "exact"
        place = 1
        if m["within"]:
            place, comparator = _number(m["within"]), "at_most"
        elif said := m["ordinal"] or m["ranked"]:
            place = ORDINALS.get(said.lower()) or int(re.sub(r"\D", "", said))
        elif m["plural"] and not m["all"] and not m["any"]:  # "one of the biggest spenders": no place is said
            continue
        after = _GROUP.match(parts.sentence[m.end() :])
        group = (after["group"] if after else None) or (m["adjectives"] or "").strip() or m["all"] or m["any"] or None
        group = (
            None
            if group
            and re.fullmatch(r"(?i)(?:the\s)?(?:u\.?s\.?|country|nation|washington|federal|corporate|single)", group)
            else group
        )
        end = m.end() + (after.end() if after else 0)
        time = _nearest_time(parts, m.start(), end)
        yield _claim(parts, "rank", (m.start(), end), place, comparator, time, detail={"group": group} if group else {})


def _nearest_time(parts: Parts, start: int, end: int) -> Time | None:
    after = [t for t in parts.expressions if t.start >= end]
    before = [t for t in parts.expressions if t.end <= start]
    return after[0] if after else before[-1] if before else None


# Counts ----------------------------------------------------------------------------------------------------------

_COUNTED = re.compile(
    rf"""(?xi)(?<![\w$.,])(?P<n>{_N})\s(?P<adjectives>(?:[\w-]+\s){{0,3}}?)
    (?P<what>lobbyists|lobbying\sfirms?|(?:outside|K\sStreet|external)\s(?:lobbying\s)?firms|firms(?=\s(?:to\slobby|lobbying|for\slobbying))
      |lobbying\s(?:reports|filings|disclosures)|(?:disclosure|quarterly)\s(?:reports|filings))\b"""
)
_OF_THEM = re.compile(
    rf"""(?xi)\b(?P<n>{_N}|all)\s(?:of\s(?:them|whom|which|the\s\w+|those(?:\slobbyists)?)\s)?
    (?:(?:are|were|had|have|being|who)\s)?(?:[\w-]+\s){{0,3}}?
    (?:former\s(?:\w+\s){{0,3}}?(?:officials|staffers|aides|employees|members|lawmakers|congressmen)
      |(?:previously|formerly|once)\s(?:held|worked|served)|revolving[\s-]door|ex-(?:officials|staffers)
      |(?:held|worked\sin|served\sin)\s(?:\w+\s){{0,2}}?(?:government|congress|the\swhite\shouse|public\soffice))"""
)


def _counts(parts: Parts) -> Iterator[Claim]:
    last: Claim | None = None
    for m in _COUNTED.finditer(parts.sentence):
        before = parts.sentence[max(0, m.start() - 70) : m.start()]
        if not pattern("statements", "employs").search(before) or pattern("conditional").search(before[-40:]):
            continue
        what = "lobbyists" if "lobbyist" in m["what"].lower() else "firms" if "firm" in m["what"].lower() else "filings"
        if what == "lobbyists" and re.search(r"(?i)\bformer\b|\bex-", m["adjectives"]):
            what = "former_officials"
        comparator, begin = _comparator_at(parts, m.start(), 70)
        last = _claim(
            parts, "count", (begin, m.end()), _number(m["n"]), comparator, _nearest_time(parts, begin, m.end()),
            detail={"counted": what},
        )  # fmt: skip
        yield last
    if last is None:
        return
    for m in _OF_THEM.finditer(parts.sentence, last.start + 1):
        overlaps = m.start() < parts.sentence.find(" ", last.start + len(str(last.value)))
        if m["n"].lower() == "all" or overlaps:
            continue
        time = _time_of_claim(parts, last)
        comparator, _ = _comparator_at(parts, m.start(), 30)
        yield _claim(
            parts,
            "count",
            m.span(),
            _number(m["n"]),
            comparator,
            time,
            detail={"counted": "former_officials"},
            org=last.org,
        )


def _number(text: str) -> int:
    return NUMBERS.get(text.lower()) or int(text)


# Hirings and issues ------------------------------------------------------------------------------------------------

_FIRM = re.compile(
    r"(?i)\b(?:firm|llp|llc|partners|strategies|group|advisors|associates|public\saffairs|advocacy|consulting|law|solutions"
    r"|government\s(?:affairs|relations)|hauer|schreck|shop)\b|&"
)


def _hirings(parts: Parts) -> Iterator[Claim]:
    for m in pattern("statements", "hires").finditer(parts.sentence):
        if pattern("conditional").search(parts.sentence[max(0, m.start() - 40) : m.start()]):
            continue
        firm = next((n for n in parts.names if m.end() <= n[0] <= m.end() + 60), None)
        if firm is None or ";" in parts.sentence[m.end() : firm[0]]:
            continue
        between = parts.sentence[m.end() : firm[0]]
        if not (_FIRM.search(firm[2]) or re.search(r"(?i)\b(?:firms?|shop|lobby\w*\spowerhouse)\b", between)):
            continue
        time = _nearest_time(parts, m.start(), firm[1])
        yield _claim(
            parts,
            "hired",
            (m.start(), firm[1]),
            None,
            "exact",
            time,
            detail={"firm": firm[2]},
            org=_before(parts, m.start()),
        )


def paid_firm(sentence: str, figure: Amount, names: Sequence[tuple[int, int, str]]) -> tuple[int, int, str] | None:
    """The firm that a figure was paid to: "paid Cypress Advocacy $40,000", "paid $40,000 to Cypress Advocacy"."""
    before = next((n for n in reversed(names) if n[1] <= figure.start), None)
    if (
        before
        and re.search(r"(?i)\bpa(?:id|ys?|ying)\s(?:the\s)?(?:[\w-]+\s){0,4}$", sentence[: before[0]])
        and re.fullmatch(
            r"(?i)[\s,]*(?:about|nearly|more than|at least|over|almost|some|roughly|around|another|a total of)?\s*",
            sentence[before[1] : figure.start],
        )
    ):
        return before
    if re.search(r"(?i)\bpa(?:id|ys?|ying)\b[^,;]{0,25}$", sentence[: figure.start]):
        after = re.match(r"\sto\s(?:the\s)?(?:[a-z-]+\s){0,4}", sentence[figure.end :])
        if after:
            return next((n for n in names if n[0] == figure.end + after.end()), None)
    return None


def _before(parts: Parts, place: int) -> str | None:
    found = [n for n in parts.names if n[1] <= place]
    return found[-1][2] if found else None


_LOBBIED = re.compile(r"(?i)\blobb(?:ied|ying|ies|y)\b")
_ON = re.compile(
    r"(?i)(?<!were\s)(?<!was\s)(?<!been\s)(?<!being\s)\blobbied\s(?:[\w.’'-]+\s){0,6}?(?:on|about|over|against|regarding|in\sfavor\sof)\s"
    r"(?:issues\s(?:related\sto|of|including)\s)?(?P<what>(?-i:(?:the\s)?(?:[A-Z][\w’'-]*,?\s(?:(?:with|of|for|and|to|the|on|in)\s)*)+Act\b)"
    r"|(?:the\s)?[\w’'-]+(?:\s[\w’'-]+){0,5}?)"
    r"(?=\s(?:in|during|last|this|since|between|from|before|after|as|that|which|who|to|by|with|through|and)\b|[,.;:]|$)"
)


def _issues(parts: Parts) -> Iterator[Claim]:
    lobbied = _LOBBIED.search(parts.sentence)
    if lobbied is None or pattern("conditional").search(parts.sentence[max(0, lobbied.start() - 30) : lobbied.start()]):
        return
    bills = [(b.text, b.end) for b in find_bills(parts.sentence) if b.start > lobbied.start()]
    agencies = [
        (m.group(), m.end())
        for m in pattern("statements", "agencies").finditer(parts.sentence)
        if m.start() > lobbied.start()
    ]
    for key, found in (("bill", bills), ("agency", agencies)):
        for named, end in found:
            time = _nearest_time(parts, lobbied.start(), end)
            yield _claim(
                parts, "issue", (lobbied.start(), end), None, "exact", time, detail={key: named},
                org=_lobbies(parts, lobbied.start()),
            )  # fmt: skip
    on = _ON.search(parts.sentence)
    dull = on and pattern("statements", "dull_topics").fullmatch(on["what"].removeprefix("the "))
    if on and not dull and not bills and not agencies and _before(parts, on.start()):
        time = _nearest_time(parts, on.start(), on.end())
        yield _claim(
            parts, "issue", on.span(), None, "exact", time, detail={"topic": on["what"].removeprefix("the ")},
            org=_lobbies(parts, on.start()),
        )  # fmt: skip


def _lobbies(parts: Parts, place: int) -> str | None:
    """Who lobbies: "Coupang hired Ballard Partners to lobby" is of Coupang."""
    hires = pattern("statements", "hires").search(parts.sentence[:place])
    return _before(parts, hires.start()) if hires else _before(parts, place)
