"""Whom "it", "the group" and "the latter" stand for, and which names stand for nobody who spends."""

from __future__ import annotations

import re

from lobbyx.reading.claims.english.clauses import Scene
from lobbyx.reading.claims.mentions import Name

SOURCE = re.compile(
    r"(?i)(?:\baccording to|\bby|\bfrom|\bsource:?|\bcompiled by|\banalysis (?:by|from)|\bdata (?:by|from)"
    r"|\btracked by|\btold|\bwatchdog(?: group)?|\bnonpartisan)\s(?:the\s)?(?:[\w-]+\s){0,4}$"
)


PARENT = re.compile(
    r"(?i)^(?:[’']s?)?\s(?:(?:chinese|u\.s\.|american|korean|corporate|beijing-based|ultimate|former)\s)*(?:parent"
    r"|owner|maker|operator|subsidiary|unit|rival|competitor|archrival|creator|developer|backer|supplier|partner"
    r"|investor|chief|ceo|founder|chairman|president|spokes\w+|lobbyists?|executives?|cfo|boss)\b(?!\s(?:spent"
    r"|spending))"
)


_ITS_PERSON = re.compile(
    r"(?i)^[’']s?\s(?:[\w-]+\s){0,2}?(?:ceo|chief|founder|chairman|president|spokes\w+|executives?|lobbyists?|boss"
    r"|cfo|lawyers?)\b"
)


_AGENCY = re.compile(
    r"(?i)\b(?:Department|Commission|Agency|Administration|Court|Committee on|Office of|Bureau of|Ministry|Treasury"
    r"|Pentagon|Senate|House|Congress|Parliament|Library of|White House|Supreme|Board of Governors|Secretary of)\b"
)


_PERSON_BEFORE = re.compile(
    r"(?i)\b(?:ceo|chief executive(?: officer)?|chairman|founder|co-founder|president|director|spokes(?:man|woman"
    r"|person)|senator|sen\.|rep\.|mr\.|ms\.|mrs\.|lawyer|attorney|lobbyist|analyst|professor|executive|billionaire"
    r"|boss|owner|congressman|vice president)\s(?:named\s)?$"
)


_PERSON_AFTER = re.compile(
    r"(?i)^,\s(?:(?:a|an|the|its)\s)?(?:[\w-]+\s){0,3}?(?:manager|ceo|chief executive|president|director|chairman"
    r"|professor|spokes\w+"
    r"|analyst|founder|lobbyist|attorney|lawyer|mayor|commissioner|author|scholar|economist)\b(?:\s(?:of|for|at|with)\b|,)"
)


_DESCRIBED = re.compile(r"(?:\s(?:alone|itself))?,\s")


_TOGETHER = re.compile(r"(?i)they|their|the (?:two|three|four|five|pair|duo|trio|quartet)(?: (?:\w+ )?\w+)?")


_KINDS = {
    "group": "association|alliance|council|federation|coalition|institute|chamber|society|league|america|roundtable",
    "association": "association",
    "union": "union|teamsters|brotherhood|workers",
    "university": "university|college|institute",
    "airline": "airlines?|airways",
    **{kind: kind for kind in ("bank", "chamber", "institute", "council", "alliance", "coalition", "federation")},
}
"""What the names of organizations of a kind have in them."""


def meant(scene: Scene, pronoun: Name) -> str | None:
    """The organization a pronoun stands for: the subject before it, the one in mind, or one after it."""
    named = [
        n
        for n in scene.names
        if n.kind in ("name", "group") and not SOURCE.search(scene.sentence[max(0, n.start - 60) : n.start])
    ]
    if m := re.fullmatch(r"(?i)the\s(former|latter)", pronoun.name):
        two = [n.name for n in named if n.end <= pronoun.start] or list(scene.context.listed)
        return two[m[1].lower() == "latter"] if len(two) == 2 else None
    described = next((n for n in named if _DESCRIBED.fullmatch(scene.sentence[n.end : pronoun.start])), None)
    if described is not None and pronoun.name.lower().startswith("the "):
        return described.name  # "PhRMA alone, the country's largest trade association, spent"
    before = [n for n in named if n.end <= pronoun.start and not is_agency(n.name) and not is_person(scene.sentence, n)]
    tokens = scene.structure.tokens
    for name in before:
        top = scene.structure.top(name.start, name.end)
        if tokens[top].relation in ("nsubj", "nsubjpass"):
            return name.name
        owns = scene.sentence[name.end : name.end + 40]
        if tokens[top].relation == "poss" and (_ITS_PERSON.match(owns) or not PARENT.match(owns)):
            return name.name
    if scene.context.together and _TOGETHER.fullmatch(pronoun.name) and not before:
        return scene.context.together
    if fitting := _of_that_kind(pronoun.name, [n.name for n in before] or list(scene.context.listed)):
        return fitting
    if before and (scene.context.org is None or any(alike(n.name, scene.context.org) for n in before)):
        return before[0].name
    if scene.context.org is not None:
        return scene.context.org
    after = [n for n in named if n.start >= pronoun.end and n.kind == "name"]
    return after[0].name if after else None


def _of_that_kind(pronoun: str, named: list[str]) -> str | None:
    """The one organization of several that is what "the group" says: of carmakers and their association, the latter."""
    kind = _KINDS.get(pronoun.lower().split()[-1])
    fitting = [n for n in dict.fromkeys(named) if kind and re.search(rf"(?i)\b(?:{kind})\b", n)]
    return fitting[0] if len(fitting) == 1 and len(set(named)) > 1 else None


def is_agency(name: str) -> bool:
    """Whether a name is that of a part of the government."""
    return _AGENCY.search(name) is not None


def is_person(sentence: str, name: Name) -> bool:
    return (
        _PERSON_BEFORE.search(sentence[max(0, name.start - 40) : name.start]) is not None
        or _PERSON_AFTER.match(sentence[name.end : name.end + 60]) is not None
    )


def alike(a: str, b: str) -> bool:
    first, second = (re.sub(r"\W", "", x.lower()) for x in (a, b))
    return bool(first) and bool(second) and (first in second or second in first)
