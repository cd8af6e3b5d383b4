"""One Korean sentence -> its claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.reading.claims.assembly import Reading, claim, placed
from lobbyx.reading.claims.context import Context, Read
from lobbyx.reading.claims.korean.figures import Money
from lobbyx.reading.claims.korean.hirings import hirings, issues
from lobbyx.reading.claims.korean.linking import linked
from lobbyx.reading.claims.korean.mentions import Analysis, analyze
from lobbyx.reading.claims.korean.readings import readings
from lobbyx.reading.claims.korean.statements import statements, worth_reading
from lobbyx.reading.claims.korean.time_links import is_baseline
from lobbyx.reading.claims.korean.words import pattern
from lobbyx.reading.claims.links import weights

SURE_FROM = 0.75
"""A claim is sure where all its fields together are right with at least this chance, measured on labelled sentences."""


def is_korean(sentence: str) -> bool:
    """Whether a sentence is Korean: more Hangul than Latin letters."""
    if sentence.isascii():
        return False
    hangul = sum(len(run) for run in re.findall(r"[가-힣]+", sentence))
    return hangul > 0 and hangul >= sum(len(run) for run in re.findall(r"[A-Za-z]+", sentence))


_FIGURE = re.compile(
    r"달러|불(?=[을를이가의로에\s(,.)]|$)|弗|\$|억\s?원|만\s?원|원(?=[을를이가의로은에\s(,.)]|$)|%|％|퍼센트|배|절반|갑절|곱절|토막|분의"
)
_DIGIT = re.compile(r"[0-9]|[천백십]만|억|절반|[두세네]\s?배|갑절|곱절|토막")


def read(sentence: str, offset: int, context: Context) -> Read:
    """The claims of one sentence that starts at `offset` of its text, and what it leaves in mind."""
    has_figure = _FIGURE.search(sentence) is not None and _DIGIT.search(sentence) is not None
    speaks = pattern("cues", "lobbying").search(sentence) is not None
    if not (
        has_figure and (speaks or context.about_lobbying or context.follows or context.quoted)
    ) and not worth_reading(sentence, context):
        return Read((), _unread(sentence, context) if speaks or not context.quoted else replace(context, follows=False))
    a = analyze(sentence, context)
    learned = weights("korean")
    sums, changes = linked(a, learned)
    read_ = readings(a, sums, changes)
    found = [_claimed(a, r) for r in read_]
    found += _others(a, read_)
    found.sort(key=lambda c: (c.start, c.end))
    left = replace(left_in_mind(a, read_, found), follows=any(r.stance == "asserted" for r in read_))
    return Read(tuple(placed(found, sentence, offset)), left)


def _others(a: Analysis, read_: Sequence[Reading]) -> list[Claim]:
    """The claims that are no sums; a sentence about lobbying elsewhere makes none."""
    if not (a.cued("lobbying") or a.context.about_lobbying) or (a.cued("elsewhere") and not a.cued("federal")):
        return []
    return [*statements(a, read_), *hirings(a), *([] if read_ else issues(a))]


def _claimed(a: Analysis, reading: Reading) -> Claim:
    made = claim(reading, a.sentence, SURE_FROM)
    figure = reading.figure
    return replace(made, currency="KRW") if isinstance(figure, Money) and figure.currency == "KRW" else made


def _unread(sentence: str, context: Context) -> Context:
    """What a sentence without figures leaves in mind: its topic, and a period if it speaks of lobbying."""
    return replace(left_in_mind(analyze(sentence, context), (), ()), follows=False)


def left_in_mind(a: Analysis, read_: Sequence[Reading], found: Sequence[Claim]) -> Context:
    """The organization and the period that the next sentence may go on about."""
    context = a.context
    main = [
        r
        for r in read_
        if r.kind == "spend"
        and r.stance == "asserted"
        and not (isinstance(r.figure, Money) and is_baseline(a, r.figure))
    ]
    named = next((r.org for r in reversed(main or list(read_)) if r.org), None) or next(
        (c.org for c in reversed(found) if c.org), None
    )
    org = named or in_mind(a) or context.org
    read_ = [r for r in read_ if r.stance == "asserted"]
    window = next((r.time.window for r in reversed(main) if r.time and r.time.window.start), None)
    if window is None and not main:
        window = next(
            (r.time.window for r in reversed(read_) if r.kind == "change" and r.time and r.time.window.start), None
        )
    if window is None:
        window = next((c.window for c in reversed(found) if c.window.start), None)
    if window is None and not found and ("로비" in a.sentence):
        window = next((t.window for t in reversed(a.times) if not t.compares and t.window.start), None)
    if window is not None and context.window is not None and _aside(window, context.window, main):
        window = context.window
    return replace(context, org=org, window=window or context.window)


def _aside(window: Window, known: Window, main: Sequence[Reading]) -> bool:
    """Whether periods are told only to look back: the text goes on about the later one."""
    several = len({r.time.window for r in main if r.time}) > 1
    bracketed = all(isinstance(r.figure, Money) and r.figure.inside for r in main)
    return (several or bracketed) and window.end is not None and known.end is not None and window.end < known.end


def in_mind(a: Analysis) -> str | None:
    """The organization that a sentence leaves in mind: its topic, else its subject, else an owner."""
    for roles in (("topic", "also"), ("subject",), ("possessor",)):
        for s in a.spenders:
            if s.kind == "name" and not s.person and s.known_shape and a.units[s.unit].role in roles:
                return s.name
    return None
