"""Whether a figure in a Korean sentence is money spent on lobbying: the features of that link."""

from __future__ import annotations

import re

from lobbyx.reading.claims.korean.changes import Change
from lobbyx.reading.claims.korean.figures import Money, is_difference
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.org_links import SUM_NOUN, Figured
from lobbyx.reading.claims.korean.structure import Predicate, is_content
from lobbyx.reading.claims.korean.time_links import is_baseline
from lobbyx.reading.claims.korean.words import pattern

_SUMMED_WITHIN = 45
"""Characters behind a part of a sum in which the sum is announced."""
LARGE = 10**8 * 100
"""US cents; more than one organization ever spent in a year."""
_ROLES = ("object", "to", "copula", "at", "possessor", "subject", "topic", "than", "from", "comma", "end", "")


def spent(a: Analysis, figure: Figured, *, before: float = 0.0, sum_spent: float | None = None) -> dict[str, float]:
    """What speaks for and against a figure being money spent on lobbying, or a change of it.

    `before`: how likely the sum before it in the sentence was spent on lobbying. `sum_spent`: for a change, how likely
    the sum beside it was; None where there is none.
    """
    place = a.unit(figure)
    start, end = clause(a, figure)
    own = _own(a, place)
    f: dict[str, float] = {"bias": 1.0}
    for kind in ("lobbying", "lobbying_money", "spending", "other_money", "firm_income", "share"):
        f[f"{kind}_in_clause"] = float(a.cued(kind, start, end))
        f[f"{kind}_on_its_verb"] = float(any(a.cued(kind, s, e) for s, e in own))
    f["lobbying_in_sentence"] = float(a.cued("lobbying"))
    f["other_in_sentence"] = float(a.cued("other_money"))
    f["elsewhere"] = float(a.cued("elsewhere") and not a.cued("federal"))
    f["elsewhere_though_federal"] = float(a.cued("elsewhere") and a.cued("federal"))
    said = a.cued("lobbying")
    f["about_lobbying"] = float(a.context.about_lobbying and not said)
    f["follows"] = float(a.context.follows and not said)
    f["quoted"] = float(a.context.quoted and not said)
    f["plainly"] = float(bool(pattern("cues", "spent_plainly").match(_verb(a, place)))) * float(not said)
    f["after_spent"] = before
    f["baseline"] = float(isinstance(figure, Money) and is_baseline(a, figure))
    f |= _beside(a, figure, place)
    if isinstance(figure, Money):
        f["won"] = float(figure.currency == "KRW")
        f["won_at_home"] = float(figure.currency == "KRW" and not a.cued("federal"))
        f["large"] = float(figure.value > LARGE and not any(s.kind in ("group", "total") for s in a.spenders))
        f["large_unsaid"] = float(figure.value > LARGE and not said)
        f["part"] = float(is_part(a, figure))
    if isinstance(figure, Change):
        f["sum_spent"] = 0.0 if sum_spent is None else sum_spent
        f["no_sum"] = float(sum_spent is None)
        f["no_sum_lobbying_money"] = float(sum_spent is None and a.cued("lobbying_money", start, end))
    return f


def clause(a: Analysis, figure: Figured) -> tuple[int, int]:
    """Where the clause of a figure begins and ends: up to the ending before it, and with its predicate.

    A relative clause is part of the clause around it.
    """
    place = a.unit(figure)
    governor = a.governed(place)
    start = 0
    for p in a.structure.predicates:
        if sets_apart(p) and p.end <= figure.start:
            start = p.end
    end = next(
        (
            p.end
            for i, p in enumerate(a.structure.predicates)
            if p.start >= figure.end and i >= governor and (p.kind == "final" or sets_apart(p))
        ),
        len(a.sentence),
    )
    return start, end


_ENDINGS = ("고", "며", "으며", "지만", "는데", "은데", "ᆫ데", "으나", "나", "면서", "으면서", "다", "니", "으니", "자")


def sets_apart(p: Predicate) -> bool:
    """Whether a predicate ends its clause: 고, 며, 지만, 는데; not 어 of 써 or 기 위해."""
    return p.kind in ("connective", "final") and p.ending in _ENDINGS


def _verb(a: Analysis, place: int) -> str:
    predicate = a.predicate(place)
    return a.sentence[predicate.start : predicate.end] if predicate else ""


def _own(a: Analysis, place: int) -> list[tuple[int, int]]:
    """The spans of what stands with a figure: its predicate, that predicate's units, and what these own or hold."""
    if place < 0:
        return []
    governor = a.governed(place)
    spans: list[tuple[int, int]] = []
    unit = a.units[place]
    if unit.host >= 0:
        host = a.units[unit.host]
        spans.append((host.start, host.end))
    if governor < 0:
        return spans
    predicate = a.structure.predicates[governor]
    spans.append((predicate.start, predicate.end))
    for i in a.structure.on(governor):
        other = a.units[i]
        if other.kind == "noun":
            spans.append((other.start, other.end))
    for p in a.structure.predicates:  # "쿠팡이 로비에 쓴 돈은"
        if (
            p.kind == "adnominal"
            and p.head in a.structure.on(governor)
            and SUM_NOUN.search(a.sentence[a.units[p.head].start : a.units[p.head].end])
        ):
            spans.append((p.start, p.end))
            at = a.structure.predicates.index(p)
            spans += [(a.units[i].start, a.units[i].end) for i in a.structure.on(at) if a.units[i].kind == "noun"]
    if predicate.kind == "adnominal" and predicate.head >= 0 and not is_content(predicate, a.units):
        head = a.units[predicate.head]
        spans.append((head.start, head.end))
    return spans


_MODIFIES = re.compile(
    r"\s?(?:\([^()]*\)\s?)?(?:규모|짜리|상당|어치|가치|대)?(?:의|에\s?달하는|이?라는|에\s?이르는)?\s?(?P<noun>[가-힣A-Za-z]+(?:\s[가-힣A-Za-z]+)?)"
)


def _beside(a: Analysis, figure: Figured, place: int) -> dict[str, float]:
    unit = a.units[place] if place >= 0 else None
    f: dict[str, float] = {f"role_{unit.role or 'bare' if unit else 'none'}": 1.0}
    if unit is not None and unit.host >= 0:
        host = a.units[unit.host]
        f["host_time"] = float(host.kind == "time")
        f["host_noun"] = float(host.kind == "noun")
    after = a.sentence[figure.end : figure.end + 24]
    m = re.match(r"\s?(?:\([^()]*\)\s?)?(?:규모|짜리|상당|어치|가치)(?:의|인)?\s?", after) or (
        re.match(r"의\s", after) if unit and unit.role == "possessor" else None
    )
    if m is not None:
        f["modifies_other"] = float(a.cued("other_money", figure.end, figure.end + 24))
        f["modifies"] = 1.0
    verb = _verb(a, place)
    f["its_verb_spends"] = float(bool(pattern("cues", "spending").search(verb)))
    f["its_verb_other"] = float(
        bool(pattern("cues", "other_money").search(verb)) or bool(pattern("cues", "firm_income").search(verb))
    )
    f["copula"] = float(
        bool(re.fullmatch(r"(?:이|였|이었|다|입니다|이며|였고|이고|인|이던|였던)?[가-힣]{0,4}", verb))
        and unit is not None
        and unit.role == "copula"
    )
    f["difference"] = float(isinstance(figure, Money) and is_difference(a.sentence, figure))
    near = a.sentence[max(0, figure.start - 14) : figure.start]
    f["other_right_before"] = float(bool(pattern("cues", "other_money").search(near)))
    f["other_right_after"] = float(bool(pattern("cues", "other_money").search(after[:12])))
    f["lobbying_right_before"] = float(
        bool(pattern("cues", "lobbying").search(a.sentence[max(0, figure.start - 22) : figure.start]))
    )
    return f


def is_part(a: Analysis, figure: Money) -> bool:
    """ "간접지출 179만 달러, 직접지출 529만 달러 등 총 708만 달러": the first two are parts of the third."""
    before = max((m.end for m in a.money if m.end <= figure.start), default=0)
    if not a.cued("part_of_sum", max(before, figure.start - 16), figure.start):
        return False
    summed = [c for c in a.cues if c.kind == "summing" and 0 <= c.start - figure.end <= _SUMMED_WITHIN]
    return bool(summed) and not any(
        figure.end <= p.start and p.end <= summed[0].start and sets_apart(p) for p in a.structure.predicates
    )
