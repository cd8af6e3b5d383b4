"""What an English sentence leaves in mind for the next one: organization, period, and what may be said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.reading.claims.context import FAR, Context
from lobbyx.reading.claims.english import referents, spent, time_links
from lobbyx.reading.claims.english.clauses import Scene
from lobbyx.reading.claims.english.names import is_common, names
from lobbyx.reading.claims.english.structure import is_headline, parse
from lobbyx.reading.claims.english.times import times
from lobbyx.reading.claims.mentions import Name

LEAD_IN = 120
"""Characters of a sentence that only leads in to the next: "The three largest spenders?", "Among the highlights:"."""


_HARKS_BACK = re.compile(
    r"(?i)\bhad\b|\b(?:a|one) (?:year|quarter) (?:ago|earlier|before)\b"
    r"|^(?:That|This|It|The (?:figure|sum|total))\s(?:\w+\s){0,2}?(?:beats|tops|exceeds|compares|surpasses"
    r"|is (?:up|down|more|less|nearly|almost|about|well|far|double|twice|above|below)"
    r"|was (?:up|down|more|less|above|below))\b"
)
"""A sentence that only tells of an earlier period, so that the later one stays in mind."""
_LOBBIES = re.compile(r"[’']s?\s(?:[\w-]+\s){0,2}?lobby")


def left(sentence: str, context: Context, claims: Sequence[Claim], scene: Scene | None) -> Context:
    """What a sentence leaves in mind for the next one."""
    named = [c for c in claims if c.org and c.org != "total"]
    spent_by = [c.org for c in named if c.kind == "spend"] or [c.org for c in named]
    org = spent_by[-1] if spent_by else None
    window = _period(sentence, context, claims, scene)
    found = scene.names if scene is not None else _named_first(sentence)
    if claims and all(c.org == "total" for c in claims if c.kind == "spend"):
        org = context.org
    if org is None:
        first = next((n for n in found if n.kind == "name"), None)
        owner = next((n for n in found if n.kind in ("name", "group") and _LOBBIES.match(sentence[n.end :])), None)
        first = owner or first  # "It brought out the oil companies' lobbyists"
        if first is None:
            first = next((n for n in found if n.kind == "group"), None)
        outspent = re.match(
            r"(?:No|None|Nobody|Few|Neither)\b.{0,40}?\b(?:outspent|topped|matched|spent more than)\s", sentence
        )
        if outspent:
            first = next((n for n in found if n.kind == "name" and n.start >= outspent.end()), first)
        subject = (
            first is not None
            and (first.start <= 60 or re.match(r"\s(?:spokes|official|executive)", sentence[first.end :]))
            and not re.match(r"(?i)[’']s?\s(?:ceo|chief|spokes)", sentence[first.end :])
            and not referents.is_agency(first.name)
            and not is_headline(sentence)
        )
        org = first.name if first is not None and subject else context.org
    listed = tuple(dict.fromkeys(c.org for c in claims if c.org and c.org != "total"))
    if len(listed) < 2 and not claims:
        listed = tuple(dict.fromkeys(n.name for n in found if n.kind == "name" and not referents.is_agency(n.name)))
    sums = any(c.kind in ("spend", "change") for c in claims)
    leads_in = not claims and len(sentence) <= LEAD_IN and sentence.endswith((":", "?", ")"))
    follows = sums or spent.speaks_of_money(sentence) or (leads_in and context.follows)
    baseline = _baseline(claims, window) or (context.baseline if not sums else None)
    if not claims and scene is None and (compared := time_links.announced(sentence, context.published)):
        window, baseline = compared  # "first-quarter lobbying against the fourth quarter of last year:"
    everybody = any(c.org == "total" for c in claims) if sums else context.everybody
    spoke = (spent.speaks(sentence) and not spent.is_elsewhere(sentence)) or (leads_in and context.spoke)
    return replace(
        context,
        org=org,
        window=window or context.window,
        listed=listed,
        together=_named_together(sentence, found),
        baseline=baseline,
        everybody=everybody,
        follows=follows,
        since=0 if follows else min(context.since + 1, FAR),
        spoke=spoke,
    )


def _named_first(sentence: str) -> list[Name]:
    """The names in the first words of a sentence that is not parsed, unless its first word may be none."""
    head = sentence[:160]
    found = names(head)
    if spent.speaks(sentence) or (found and found[0].start < 3 and is_common(found[0].name.split()[0])):
        return names(head, parse(head))
    return found


def _period(sentence: str, context: Context, claims: Sequence[Claim], scene: Scene | None) -> Window | None:
    """The period a sentence leaves in mind: the latest it gives a sum for, or the last it names if it has no sum."""
    spend = [c for c in claims if c.kind == "spend" and c.window.start and c.window.end]
    totals = [c for c in spend if c.detail.get("sum") not in ("average", "difference")]
    if not spend:
        spend = totals = [c for c in claims if c.kind == "change" and c.window.start and c.window.end]
    told = [c.window for c in totals or (spend if context.window is None else [])]
    if told:
        last = max(told, key=lambda w: (w.days[1], -w.days[0].toordinal()))
        earlier = context.window is not None and context.window.end is not None and last.days[1] < context.window.end
        goes_back = _HARKS_BACK.search(sentence) or _only_compares(scene, totals or spend)
        return context.window if earlier and goes_back else last
    if claims:
        return None
    found = scene.times if scene is not None else times(sentence, context.published, context.window)
    if not (spent.speaks(sentence) and not spent.is_elsewhere(sentence)):
        if context.window is None and context.about_lobbying and len(found) == 1 and found[0].shape == "range":
            return found[0].window  # "The study covers the years 1998 to 2017."
        return None
    named = [
        t.window
        for t in found
        if t.window.start and t.window.end and t.shape in ("point", "year", "range", "year_to_date", "past")
    ]
    return named[-1] if named else None


def _only_compares(scene: Scene | None, claims: Sequence[Claim]) -> bool:
    """Whether a sentence gives only the sum that the one before is compared with: "This is up from $3.7 million"."""
    compared = [p.figure for p in scene.places if p.compared] if scene is not None else []
    return all(any(c.start <= f.start < c.end for f in compared) for c in claims)


def _named_together(sentence: str, found: Sequence[Name]) -> str | None:
    """The first list of several organizations, "A, B and C", as printed."""
    named = [n for n in found if n.kind in ("name", "group")]
    for at, first in enumerate(named):
        last = first
        for following in named[at + 1 :]:
            between = sentence[last.end : following.start]
            if not re.fullmatch(r",\s(?:the\s)?|,?\s(?:and|&)\s(?:the\s)?", between):
                break
            last = following
            if re.search(r"\band\b|&", between):
                return sentence[first.start : last.end]
    return None


def _baseline(claims: Sequence[Claim], window: Window | None) -> Window | None:
    """The period before `window`, and as long, that a sentence also gives a sum for."""
    if window is None or window.start is None or window.end is None:
        return None
    days = (window.end - window.start).days
    earlier = [
        c.window
        for c in claims
        if c.kind == "spend"
        and c.window.start
        and c.window.end
        and c.window.end < window.start
        and abs((c.window.end - c.window.start).days - days) < 40
    ]
    return max(earlier, key=lambda w: w.days[1]) if earlier else None
