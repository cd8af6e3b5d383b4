"""One English sentence -> its claims about money spent on U.S. federal lobbying.

A figure is a claim when its clause says that it was spent and nothing in it says that the money was of another kind;
its organization is the name that does the spending; its window the expression of time that goes with the figure. What
is not said is listed in `missing`, never guessed. The words are data: `data/claims_english.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, pairwise

from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.money import dollars
from lobbyx.reading.claims import building, statements
from lobbyx.reading.claims.lexicon import pattern, spaced, words
from lobbyx.reading.claims.money import LARGEST_UNSAID, MOST_FIGURES, Amount, amounts
from lobbyx.reading.claims.times import Time, times

_REACH = 90
"""Characters before a figure in which its spending verb may stand."""

_NAME_WORD = r"(?:(?:[A-Z]\.){2,}|[A-Z0-9][\w&'’.\-]*[\w&]|[A-Z]\.?)(?:[’']s(?=\s))?"
_AND = r"(?:\sand(?=\s[A-Z]\w+\sof\s[A-Z]))"  # Pharmaceutical Research and Manufacturers of America
_NAME = re.compile(rf"(?:{_NAME_WORD})(?:(?:\s(?:of|for|the|de)(?:\sthe)?|{_AND})?\s(?:&\s)?{_NAME_WORD}|,\sInc\b)*\.?")


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    name: str


def read(
    sentence: str, offset: int, published: date | None, before: str | None, *, follows: bool = False
) -> tuple[list[Claim], str | None]:
    """The claims of one sentence that starts at `offset` of its text, and the organization it leaves in mind.

    `before` is the organization the sentences before left in mind, for "it" and "the company"; `follows`: the sentence
    just before spoke of money spent on lobbying, so that "In 2024 it spent $3 million" need not say on what.
    """
    says_so = "lobb" in sentence.lower() and pattern("lobbying").search(sentence) is not None
    if not (says_so or follows) or _is_elsewhere(sentence):
        return [], _in_mind(sentence, before)
    named = list(_names(sentence))
    figures: list[Amount] = []
    for amount in islice(amounts(sentence), MOST_FIGURES):
        after_another = bool(figures)
        if (
            _is_spent(sentence, amount, after_another=after_another)
            if says_so
            else _goes_on(sentence, amount, after_another)
        ):
            figures.append(amount)
    if not says_so and not figures:
        return [], _in_mind(sentence, before)
    expressions = times(sentence, published)
    orgs = _organizations(sentence, figures, named, before)
    places = [(n.start, n.end, n.name) for n in named]
    claims: list[Claim] = []
    for figure, org in zip(figures, orgs, strict=True):
        claim = _claim(sentence, figure, org, _time_of(figure, figures, expressions))
        if firm := statements.paid_firm(sentence, figure, places):
            payer = next((n.name for n in reversed(named) if n.end <= firm[0]), before)
            start, end = min(claim.start, firm[0]), max(claim.end, firm[1])
            missing = tuple(m for m in claim.missing if m != "org" or payer is None)
            claim = replace(
                claim, kind="hired", org=payer, detail={"firm": firm[2]}, missing=missing, start=start, end=end
            )
        elif statements.is_first_time(sentence):
            claim = replace(claim, detail={"record": "first_above"})
        elif statements.is_record(sentence):
            claim = replace(claim, detail={"record": True})
        claims.append(claim)

    def org_at(place: int) -> str | None:
        earlier = [c.org for c in claims if c.start <= place and c.org]
        known = earlier or [c.org for c in claims if c.org]
        return known[-1] if known else _subject_at(sentence, place, named, before)

    parts = statements.Parts(sentence, figures, claims, expressions, places, org_at)
    claims += statements.read(parts)
    return building.placed(claims, sentence, offset), next(
        (c.org for c in reversed(claims) if c.org), _in_mind(sentence, before)
    )


def _subject_at(sentence: str, place: int, named: Sequence[_Named], before: str | None) -> str | None:
    """The organization a statement without a sum is about: the name before it, else the one in mind, else after it."""
    earlier = [n for n in named if n.end <= place]
    if _pronoun_subject(sentence[:place]) and before:
        return before
    if earlier:
        return _subject(sentence[:place], earlier).name
    following = [n for n in named if n.start >= place]
    return before or (following[0].name if following else None)


def speaks_of_money(sentence: str) -> bool:
    """Whether a sentence speaks of what lobbying cost, so that the next one may go on about it."""
    return pattern("topic").search(sentence) is not None and not _is_elsewhere(sentence)


def _goes_on(sentence: str, figure: Amount, after_another: bool) -> bool:
    """Whether a figure goes on about the lobbying money of the sentence before: it is spent, and on nothing else."""
    if (
        figure.value > LARGEST_UNSAID
        or pattern("other_money").search(sentence)
        or pattern("conditional").search(sentence)
    ):
        return False
    head, tail = sentence[: figure.start], sentence[figure.end :]
    if re.match(
        r"(?i)\s(?:worth|on|for|to|into|toward|at|per|buying|building|an?(?!\s(?:year|quarter|month)))\b", tail
    ):
        return False
    if after_another:
        return True
    return pattern("goes_on").search(head[-_REACH:]) is not None


def _is_elsewhere(sentence: str) -> bool:
    return bool(pattern("elsewhere").search(sentence)) and not pattern("federal").search(sentence)


def _clause(sentence: str, figure: Amount) -> tuple[int, int]:
    """From the last break before the figure to the first after it."""
    # A colon after "lobbying outlays" begins the figures.
    colon = r"(?<!outlays)(?<!spending)(?<!expenditures)(?<!expenses)(?<!totals):"
    breaks = rf"[;()—]|{colon}|,\s(?:but|compared)\b|\b(?:while|whereas)\b|\bcompared (?:to|with)\b"
    start = max((m.end() for m in re.finditer(breaks, sentence[: figure.start])), default=0)
    after = re.search(breaks + r"|,\s(?:and|after|as|which|who)\b", sentence[figure.end :])
    return start, figure.end + (after.start() if after else len(sentence) - figure.end)


def _is_spent(sentence: str, figure: Amount, *, after_another: bool) -> bool:
    """Whether the figure is money spent on lobbying; `after_another` figure that is, "up from $2 million" is too."""
    start, end = _clause(sentence, figure)
    # "$5 million, compared with $4 million a year earlier"
    if after_another and re.search(
        r"(?i)\b(?:compared (?:to|with)|versus|vs\.?)\s(?:\w+\s){0,2}$", sentence[: figure.start]
    ):
        return not pattern("other_money").search(sentence[figure.end : end])
    if not after_another and not pattern("lobbying").search(sentence[start:end]):
        return False
    near = sentence[max(start, figure.start - _REACH) : figure.start]
    if not pattern("spending").search(near) and not pattern("spending").search(sentence[figure.end : end][:25]):
        return False
    # "in donations", "fined", "would spend": what surrounds the figure closely decides.
    around = f"{near} {sentence[figure.end : min(end, figure.end + 60)]}"
    purpose = re.sub(r"(?i)\blobby\w* (?:contributions?|income|revenues?)\b", "", around)
    if pattern("other_money").search(purpose) and not _is_for_lobbying(sentence, figure, end):
        return False
    if pattern("earned").search(near) or pattern("rule").search(sentence[figure.end : end]):
        return False
    # Of everyone together, not of an organization.
    if pattern("everyone").search(sentence[start : figure.start]):
        return False
    return not pattern("conditional").search(near) and not pattern("generic").search(near)


def _is_for_lobbying(sentence: str, figure: Amount, end: int) -> bool:
    """ "$2 million on lobbying" is lobbying money whatever else the clause speaks of."""
    after = sentence[figure.end : end][:60]
    m = re.match(r"(?i)\s(?:\w+\s){0,3}?(?:on|in|for|to)?\s?(?:\w+\s){0,2}?lobby", after)
    return m is not None and not pattern("other_money").search(m.group())


def _comparator(sentence: str, figure: Amount) -> tuple[Comparator, int, int]:
    """The comparator beside a figure, with the span of both."""
    head = sentence[max(0, figure.start - 60) : figure.start]
    found, start = statements.comparator_before(head)
    if found != "exact":
        return found, figure.start - len(head) + start, figure.end
    for name, patterns in words()["comparators_after"].items():
        if follows := re.match(rf"(?i)\s?(?:{spaced(patterns)})(?!\w)", sentence[figure.end :]):
            return name, figure.start, figure.end + follows.end()
    return "exact", figure.start, figure.end


def _time_of(figure: Amount, figures: Sequence[Amount], expressions: Sequence[Time]) -> Time | None:
    """The expression that follows the figure before the next one does, else the nearest before it."""
    following = min((f.start for f in figures if f.start > figure.start), default=None)
    after = [t for t in expressions if t.start >= figure.end and (following is None or t.start < following)]
    if after:
        return after[0]
    earlier = [t for t in expressions if t.end <= figure.start]
    if earlier:
        return earlier[-1]
    # "$3 million and $2 million in 2024": the time after the last figure is shared.
    return next((t for t in expressions if t.start >= figure.end), None)


def _claim(sentence: str, figure: Amount, org: str | None, time: Time | None) -> Claim:
    comparator, start, end = _comparator(sentence, figure)
    return building.claim(
        *(sentence, (start, end), org, time),
        kind="spend",
        value=dollars(figure.value),
        precision=dollars(figure.unit),
        comparator=comparator,
    )


# Organizations ---------------------------------------------------------------------------------------------------


def _in_mind(sentence: str, before: str | None) -> str | None:
    """The organization a sentence without a claim leaves for the next one: its first name, if that is its subject."""
    for named in _names(sentence):
        if named.start <= 60:
            return named.name
        break
    return before


def _names(sentence: str) -> Iterable[_Named]:
    for m in _NAME.finditer(sentence):
        yield from _cleaned(m.group(), m.start(), sentence)


def _cleaned(text: str, start: int, sentence: str) -> Iterable[_Named]:
    """A run of capitalized words without those around it that are no part of a name."""
    lists = words()["organizations"]
    parts = [(m.group(), start + m.start()) for m in re.finditer(r"\S+", text)]

    def bare(word: str) -> str:
        return re.sub(r"[’']s$", "", word.lower().rstrip(","))

    def is_in(word: str, entries: list[str]) -> bool:
        return bare(word) in entries or bare(word).rstrip(".") in entries or bare(word).isdigit()

    while parts and is_in(parts[0][0], lists["not_names"]):
        parts.pop(0)
    # "Manufacturer Alcoa Inc.", but "Pharmaceutical Research and Manufacturers of America".
    described = not any(part in ("of", "and", "for") for part, _ in parts)
    while described and len(parts) > 1 and parts[0][1] == 0 and parts[0][0].lower() in lists["descriptors"]:
        parts.pop(0)
    while parts and is_in(parts[-1][0], lists["not_names"]):
        parts.pop()
    owned = next((i for i, (w, _) in enumerate(parts[:-1], 1) if re.search(r"[’']s$", w)), 0)
    if owned and not is_in(parts[owned][0], lists["never_owned"]):  # "Bom Kim's Coupang", but "Macy's Inc."
        parts = parts[owned:]
    if all(is_in(word, lists["not_alone"] + lists["not_names"]) for word, _ in parts):
        return
    first, last = parts[0][1], parts[-1][1] + len(parts[-1][0])
    name = sentence[first:last]
    if m := re.search(r"[’']s?$", name):
        name = name[: m.start()]
    # The point that ends a sentence is not the name's; that of "Inc." is.
    if name.endswith(".") and not re.search(r"(?i)\b(?:inc|corp|co|ltd|llc|l\.p|l\.l\.c|[a-z]\.[a-z])\.$", name):
        name = name[:-1]
    if len(name) > 1 and not re.fullmatch(r"[\W\d]+|Q[1-4]|[A-Z]\.?", name):
        yield _Named(first, first + len(name), name)


def _organizations(
    sentence: str, figures: Sequence[Amount], named: Sequence[_Named], before: str | None
) -> list[str | None]:
    """The organization that spends each figure."""
    together = _respectively(sentence, figures, named)
    if together:
        return list(together)
    if len(figures) == 1 and _is_joint(sentence, figures[0], named):
        return [None]
    return [_organization(sentence, figure, named, before) for figure in figures]


def _is_joint(sentence: str, figure: Amount, named: Sequence[_Named]) -> bool:
    """ "Together, A and B spent $39 million": it is the sum of neither."""
    head = sentence[: figure.start]
    if not re.search(r"(?i)\b(?:together|combined|collectively|between them)\b", head):
        return False
    before = [n for n in named if n.end <= figure.start]
    return any(re.fullmatch(r",?\s(?:and|&)\s(?:the\s)?", sentence[a.end : b.start]) for a, b in pairwise(before))


def _respectively(sentence: str, figures: Sequence[Amount], named: Sequence[_Named]) -> list[str] | None:
    """ "A and B spent $3 million and $2 million, respectively": in order."""
    if "respectively" not in sentence.lower() or len(figures) < 2:
        return None
    subjects = [n for n in named if n.end <= figures[0].start][-len(figures) :]
    return [n.name for n in subjects] if len(subjects) == len(figures) else None


def _organization(sentence: str, figure: Amount, named: Sequence[_Named], before: str | None) -> str | None:
    # "Meta spent $4.6 million, and Amazon $5 million": the verb is left out.
    for n in named:
        if (
            n.end <= figure.start
            and not sentence[n.end : figure.start].strip()
            and re.search(r"(?:,|;|\band)\s$", sentence[: n.start])
        ):
            return n.name
    verbs = list(pattern("spending").finditer(sentence[: figure.start]))
    verb = verbs[-1] if verbs else None
    for m in reversed(verbs):  # the verb that is nearest to the subject of this clause
        if re.fullmatch(r"(?i)spen[dt]s?|spending|paid|pour\w*|drop\w*|shell\w* out|report\w*|disclos\w*", m.group()):
            verb = m
            break
    limit = verb.start() if verb else figure.start
    earlier = [n for n in named if n.end <= limit]
    if earlier:
        return _subject(sentence[:limit], earlier).name
    if _pronoun_subject(sentence[:limit]):
        others = {n.name for n in named}
        return before or (others.pop() if len(others) == 1 else None)
    by = [n for n in named if re.search(r"\b(?:by|from|for)\s+(?:the\s)?$", sentence[: n.start])]
    between = [n for n in named if limit <= n.start and n.end <= figure.start]
    return next((n.name for n in by + between), before)


def _subject(head: str, earlier: Sequence[_Named]) -> _Named:
    """The name that does the spending: the nearest, but "A, led by B, spent" is about A."""
    closing = re.search(r",\s*(?:has|have|had|also)?\s*$", head)
    opening = head.rfind(",", 0, closing.start()) if closing else -1
    return next((n for n in reversed(earlier) if n.end <= opening), earlier[-1])


def _pronoun_subject(head: str) -> bool:
    pronouns = spaced(words()["organizations"]["pronouns"])
    return re.search(rf"(?i)\b(?:{pronouns})(?:\s(?:has|have|had|also|alone|then|reportedly))*\s*$", head) is not None
