"""Claims in an English sentence that are no sums: records, ranks, counts.

Each reader takes the scene of the sentence and the claims read from it so far. What is not said is listed in
`missing`. The words are data: `[statements]` of `data/reading/english.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lobbyx.model.claim import Claim, ClaimKind, Comparator
from lobbyx.reading.claims import assembly
from lobbyx.reading.claims.assembly import Reading
from lobbyx.reading.claims.english import doubts, org_links, time_links
from lobbyx.reading.claims.english.clauses import Scene
from lobbyx.reading.claims.english.figures import before_figure
from lobbyx.reading.claims.english.stance import stance
from lobbyx.reading.claims.english.words import pattern
from lobbyx.reading.claims.links import rank, weights
from lobbyx.reading.claims.mentions import Figure, Time

ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")  # fmt: skip
NUMBERS = {word: n for n, word in enumerate(ONES, 1)} | {
    "a dozen": 12,
    "two dozen": 24,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
ORDINALS = {
    word: n
    for n, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
_N = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,5}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"


@dataclass(frozen=True, slots=True)
class Parts:
    """The scene of a sentence and the claims already read from it; offsets count from the sentence."""

    scene: Scene
    claims: Sequence[Claim]

    @property
    def sentence(self) -> str:
        return self.scene.sentence


def statement(
    parts: Parts,
    kind: ClaimKind,
    span: tuple[int, int],
    value: float | None,
    comparator: Comparator = "exact",
    *,
    detail: Mapping[str, Any] | None = None,
    org: str | None = None,
    time: Time | None = None,
) -> Claim:
    """A claim that is no sum: its organization and period are those of the best links at its place, unless given."""
    figure = Figure(span[0], span[1], "fraction", value or 0, 1)
    place = parts.scene.placed(figure)
    learned = weights("english")
    orgs = rank("org", org_links.candidates(parts.scene, place, span if kind == "rank" else None), learned)
    times = rank("window", time_links.candidates(parts.scene, place), learned)
    near = min(parts.claims, key=lambda c: abs(c.start - span[0]), default=None)
    chosen = org or orgs[0].what or (near.org if near else None)
    when = time or times[0].what
    if when is None and near is not None and near.window_text:
        when = next((t for t in parts.scene.times if t.window == near.window), None)
    reading = Reading(
        kind=kind,
        figure=figure,
        org=chosen,
        time=when,
        comparator=comparator,
        stance=stance(parts.scene, place),
        detail=detail or {},
        confidence={"org": 1.0 if org else orgs[0].probability},
        otherwise={"org": next((o.what for o in orgs if o.what != chosen), None)},
    )
    claim = assembly.claim(reading, parts.sentence, doubts.sure_from())
    return claim if value is not None else assembly.without_value(claim)


def read(parts: Parts) -> list[Claim]:
    """Records, ranks and counts, in this order."""
    return [*_records(parts), *_ranks(parts), *_counts(parts)]


def may_hold(sentence: str) -> bool:
    """Whether a sentence without a figure may make such a claim."""
    return _MAY_HOLD.search(sentence) is not None


_MAY_HOLD = re.compile(
    r"(?i)\b(?:biggest|largest|top|highest|heaviest|most|rank\w*|outspen\w+|first|second|third|fourth|fifth"
    r"|lobbyists|firms?|filings|reports|record|hir\w+|retain\w*|enlist\w*|engag\w+|tapp\w+|signed|contract\w*"
    r"|employ\w*|turned to|registered|brought|has used|lobbied|paid|earn\w+|more|less|led|topped)\b"
)


def is_record(sentence: str) -> bool:
    """Whether a sentence says that spending was the highest yet."""
    return bool(pattern("statements", "record").search(sentence))


def is_first_time(sentence: str) -> bool:
    """Whether a sentence says that a mark was passed for the first time."""
    return bool(re.search(r"(?i)\b(?:for the|its|their) first time\b|\bfirst time (?:ever|above|over)\b", sentence))


def _records(parts: Parts) -> Iterator[Claim]:
    m = pattern("statements", "record").search(parts.sentence)
    if m is None or any(c.kind == "spend" for c in parts.claims):
        return
    speaks = pattern("statements", "money").search(parts.sentence) and pattern("gate", "lobbying").search(
        parts.sentence
    )
    other = pattern("gate", "other_nouns").search(parts.sentence[max(0, m.start() - 60) : m.end() + 40])
    everyone = any(n.kind == "total" for n in parts.scene.names)
    if speaks and not other and not everyone and not pattern("statements", "not_money").search(parts.sentence):
        yield statement(parts, "change", m.span(), None, detail={"record": True})


def number(text: str) -> int:
    """A number in digits or words."""
    return NUMBERS.get(text.lower()) or int(text.replace(",", ""))


def comparator_at(parts: Parts, place: int, reach: int) -> tuple[Comparator, int]:
    """The comparator before a place, at most `reach` characters away, and where it begins; else the place itself."""
    before = parts.sentence[max(0, place - reach) : place]
    comparator, start = before_figure(before)
    return comparator, place if comparator == "exact" else place - len(before) + start


# Ranks -----------------------------------------------------------------------------------------------------------

_TOP = r"(?:biggest|largest|top|highest|heaviest|most\sprolific|highest-spending|No\.\s1|leading)"
_RANK = re.compile(
    rf"""(?xi)
    \b(?:(?P<ordinal>{"|".join(list(ORDINALS)[1:])}|[0-9]{{1,3}}(?:st|nd|rd|th))[\s-])?
      {_TOP}[\s-]
      (?P<adjectives>(?:(?!spend|lobby)[\w&-]+\s){{0,2}}?)
      (?:lobbying\s(?:spender|client|force|budget|bill|tab|outlay|total)|spender(?:\son\s(?:\w+\s)?lobbying)?|lobbyist\semployer|(?:federal\s)?lobbying)(?P<plural>s)?\b(?!\s(?:quarter|year))
  | \brank(?:s|ed|ing)?\s(?:as\s)?(?:(?:no\.|number|\#)\s?)?
      (?P<ranked>{"|".join(ORDINALS)}|[0-9]{{1,3}}(?:st|nd|rd|th)?)\b(?=[^.;]{{0,60}}\blobby)
  | \b(?:out-?spent|outspends)\s(?P<all>(?:all|every|any)\s(?:of\s(?:its|the)\s)?
      (?:other|rivals?|competitors?|peers?)[^,.;]{{0,40}}?)(?=\s(?:on|in|during|last|this)\b|[,.;]|$)
  | \bmore\s(?:money\s)?(?:on\s(?:\w+\s){{0,2}}lobbying\s)?than\s
      (?P<any>(?:any|every|all)\s(?:of\sits\s)?(?:other\s)?[^,.;]{{3,40}}?)(?=\s(?:in|during|last|this|on)\b|[,.;]|$)
  | \b(?:among|one\sof)\sthe\s(?:country's\s|nation's\s)?(?:top|biggest|largest)\s(?P<within>{_N})\s
      (?:\w+\s){{0,2}}?(?:lobbying\sspenders|spenders\son\s(?:\w+\s)?lobbying|lobbying\sclients)\b
  | \b(?P<first>first)\samong\s(?P<among>(?:all|the|u\.s\.)\s[^,.;]{{3,40}}?)
      (?=\s(?:in|during|last|this|was|on)\b|[,.;]|$)
  | \b(?:topped|led|leads|tops)\s(?!the\s(?:field|way|list|pack))
      (?P<led>(?:all|the|its|[A-Z]\w+(?:[’']s)?)\s[^,.;$]{{3,40}}?)\s(?:in|on)\s(?:\w+\s){{0,2}}?lobbying\b
  | \b(?:topped|led|leads|tops)\s(?P<topped>(?:the|all)\s[^,.;$]{{3,40}}?)
      (?=\s(?:last|this|in\s[0-9]|during|with)\b)(?=[^.;]{{0,60}}\blobbying)
    """
)
_GROUP = re.compile(
    r"(?i)^\s*(?:(?:on|in|for)\s(?:\w+\s)?lobbying(?:\s(?:spending|expenditures|expenses))?\s)?(?:among|of\sall"
    r"|of\sany|in\sthe|within)\s(?:the\s)?(?P<group>[^,.;]{3,60}?)"
    r"(?=\s(?:in|during|last|this|so\sfar|since|over)\b|[,.;]|$)"
)
_NO_GROUP = re.compile(
    r"(?i)(?:the\s)?(?:u\.?s\.?|country|nation|washington|federal|corporate|single|overall|united states)"
)


def _ranks(parts: Parts) -> Iterator[Claim]:
    taken: list[tuple[int, int]] = []
    for m in _RANK.finditer(parts.sentence):
        before = parts.sentence[max(0, m.start() - 40) : m.start()]
        if pattern("stance", "planned").search(before) and re.search(r"(?i)\b(?:would|could|might|will|if)\b", before):
            continue
        one_of_several = re.search(
            r"(?i)\b(?:another|other|one of|among|next|some of)\s(?:the\s)?(?:\w+’s\s)?$", before
        )
        if one_of_several and not m["within"]:
            continue
        denied = re.match(r"(?i)(?:\s[\w’']+){0,4}?\s(?:was|is|were|are)(?:n[’']t|\snot)\b", parts.sentence[m.end() :])
        if (
            denied
            or re.search(r"(?i)\b(?:not|never)\b(?!\sonly)", before)
            or any(a < m.end() and m.start() < b for a, b in taken)
        ):
            continue
        if not pattern("gate", "lobbying").search(parts.sentence) and not parts.scene.context.follows:
            continue
        comparator: Comparator = "exact"
        place = 1
        if m["within"]:
            place, comparator = number(m["within"]), "at_most"
        elif said := m["ordinal"] or m["ranked"]:
            place = ORDINALS.get(said.lower()) or int(re.sub(r"\D", "", said))
        elif m["plural"] and not m["all"] and not m["any"]:  # "one of the biggest spenders": no place is said
            continue
        elif re.search(
            r"(?i)\b(?:its|their|own|ever|one of the|among the)\s(?:\w+\s)?$",
            before + parts.sentence[m.start() : m.start()],
        ):
            continue  # its own largest, not among others
        after = _GROUP.match(parts.sentence[m.end() :])
        in_time = after is not None and any(
            t.start < m.end() + after.end() and t.end > m.end() + after.start("group") for t in parts.scene.times
        )
        if in_time:
            after = None
        group = (after["group"] if after else None) or (m["adjectives"] or "").strip()
        group = group or m["all"] or m["any"] or m["among"] or m["led"] or m["topped"] or None
        end = m.end() + (after.end() if after else 0)
        detail = {"group": group} if group and not _NO_GROUP.fullmatch(group) else {}
        taken.append((m.start(), end))
        yield statement(parts, "rank", (m.start(), end), place, comparator, detail=detail)


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
CONDITIONAL = re.compile(
    r"(?i)\b(?:would|could|might|will|plans?|planned|expects?|intends?|must|should|if|propos\w+|did not|didn[’']t"
    r"|never|denie[ds])\b"
)


def _counts(parts: Parts) -> Iterator[Claim]:
    last: Claim | None = None
    for m in _COUNTED.finditer(parts.sentence):
        before = parts.sentence[max(0, m.start() - 70) : m.start()]
        if not pattern("statements", "employs").search(before) or CONDITIONAL.search(before[-40:]):
            continue
        what = "lobbyists" if "lobbyist" in m["what"].lower() else "firms" if "firm" in m["what"].lower() else "filings"
        if what == "lobbyists" and re.search(r"(?i)\bformer\b|\bex-", m["adjectives"]):
            what = "former_officials"
        comparator, begin = comparator_at(parts, m.start(), 70)
        last = statement(parts, "count", (begin, m.end()), number(m["n"]), comparator, detail={"counted": what})
        yield last
    if last is None:
        return
    for m in _OF_THEM.finditer(parts.sentence, last.start + 1):
        overlaps = m.start() < parts.sentence.find(" ", last.start + len(str(last.value)))
        if m["n"].lower() == "all" or overlaps:
            continue
        comparator, _ = comparator_at(parts, m.start(), 30)
        yield statement(
            parts, "count", m.span(), number(m["n"]), comparator, detail={"counted": "former_officials"}, org=last.org
        )
