"""Who spent a figure in a Korean sentence: the candidates, and what speaks for and against each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lobbyx.reading.claims.korean.changes import Change
from lobbyx.reading.claims.korean.figures import Money
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.names import Spender
from lobbyx.reading.claims.korean.structure import Unit, is_content
from lobbyx.reading.claims.korean.words import known
from lobbyx.reading.claims.links import Candidate

Figured = Money | Change
GENERIC = re.compile(r"(?:곳|기업|회사|업체|단체|기관|그룹|주인공|로비 ?주체|협회|고객|빅테크)$")
"""What a name is put in for: "가장 많이 쓴 곳은 메타였다"."""
SUM_NOUN = re.compile(r"(?:돈|금액|비용|자금|액수|액|지출|지출액|규모|예산|총액|비|로비|수치|실적)$")
"""What a sum is called: "로비 비용은 331만 달러였다"."""
SAYS = re.compile(r"분석|밝히|전하|보도|말하|지적|설명|발표|주장|추산|꼬집|비판|강조|덧붙이|반박|부인|예고|인용")
"""Verbs whose subject tells of a sum and did not spend it."""
SUBJECTS = ("topic", "subject", "also")


@dataclass(frozen=True, slots=True)
class Org:
    """A candidate for who spent: a name as a claim shows it, None for nobody named."""

    name: str | None
    start: int = -1
    end: int = -1
    inherited: bool = False


def orgs(a: Analysis, figure: Figured) -> list[Candidate[Org]]:
    """Who may have spent a figure."""
    found: list[Candidate[Org]] = []
    for spender in a.spenders:
        features = _org(a, figure, spender)
        if spender.kind == "pronoun":
            if a.context.org:
                what = Org(a.context.org, spender.start, spender.end, inherited=True)
                found.append(Candidate(what, {**features, "pronoun": 1.0}))
        else:
            found.append(Candidate(Org(spender.name, spender.start, spender.end), features))
    named = any(s.kind in ("name", "group", "total") and s.end <= figure.start for s in a.spenders)
    if a.context.org:
        features = {
            "inherited": 1.0,
            "inherited_though_named": float(named),
            "inherited_follows": float(a.context.follows),
        }
        found.append(Candidate(Org(a.context.org, inherited=True), features))
    found.append(Candidate(Org(None), {"nobody": 1.0, "nobody_though_named": float(named)}))
    return found


def _between(a: Analysis, start: int, end: int) -> tuple[int, int, int]:
    """(names, sums, ends of clauses) between two places."""
    listed = [s for s in a.spenders if s.kind == "group" and s.members]
    names = [s for s in a.spenders if s.kind != "pronoun" and not s.members and start <= s.start and s.end <= end]
    if any(start <= s.start and s.end <= end for s in listed):
        names = names[:1]
    sums = [m for m in a.money if start <= m.start and m.end <= end and m.twin is None and m.inside is None]
    ends = [
        p for p in a.structure.predicates
        if start <= p.start and p.end <= end and (p.kind in ("connective", "final") and p.stem != "")
    ]  # fmt: skip
    return len(names), len(sums), len(ends)


def _sum_units(a: Analysis, place: int) -> list[int]:
    """The units that name the sum which a figure tells: "로비 비용은" beside "331만 달러였다"."""
    predicate = a.governed(place)
    if predicate < 0:
        return []
    found = []
    for i in a.structure.on(predicate):
        unit = a.units[i]
        text = a.sentence[unit.start : unit.end]
        if (
            unit.kind == "noun"
            and i != place
            and unit.role in ("topic", "subject", "also", "", "comma", "copula")
            and SUM_NOUN.search(text)
        ):
            found.append(i)
    return found


def _owns(a: Analysis, spender: Spender, sum_unit: int) -> bool:
    """Whether a name owns a sum: "쿠팡의 지난해 로비 비용", "쿠팡 로비 비용", "쿠팡이 로비에 쓴 돈"."""
    if spender.unit == sum_unit:
        return True
    if spender.unit > sum_unit or any(
        s.unit > spender.unit and s.unit < sum_unit and a.units[s.unit].role in ("possessor", "subject", "topic")
        for s in a.spenders
    ):
        return False
    unit = a.units[spender.unit]
    if unit.role == "possessor" or (unit.role in ("", "comma") and sum_unit - spender.unit <= 2):
        return not any(a.units[i].kind == "figure" and a.units[i].host < 0 for i in range(spender.unit, sum_unit))
    if unit.role in ("subject", "topic", "also") and unit.predicate >= 0:
        predicate = a.structure.predicates[unit.predicate]
        return predicate.kind == "adnominal" and predicate.head == sum_unit
    return False


def _org(a: Analysis, figure: Figured, s: Spender) -> Mapping[str, float]:
    place = a.unit(figure)
    unit = a.units[s.unit]
    here = a.units[place] if place >= 0 else None
    before = s.end <= figure.start
    names, sums, ends = _between(a, s.end, figure.start) if before else _between(a, figure.end, s.start)
    predicate = a.governed(place)
    same = predicate >= 0 and unit.predicate == predicate
    f: dict[str, float] = {
        "after": float(not before),
        "names_between": min(names, 3) * float(before),
        "sums_between": min(sums, 3) * float(before),
        "ends_between": min(ends, 3) * float(before),
        "distance": min(abs(figure.start - s.end), 120) / 60,
        "shaped": float(s.known_shape),
        "group": float(s.kind == "group" and not s.members),
        "list": float(bool(s.members)),
        "total": float(s.kind == "total"),
        "person": float(s.person),
        f"role_{unit.role or 'bare'}": 1.0,
    }
    if (
        unit.predicate >= 0
        and unit.predicate != predicate
        and SAYS.fullmatch(a.structure.predicates[unit.predicate].stem)
    ):
        f["says"] = 1.0
    if same:
        f["same_predicate"] = 1.0
        if unit.role in SUBJECTS:
            f["subject_of_its_verb"] = 1.0
    if before and unit.role in SUBJECTS:
        rivals = [
            o
            for o in a.spenders
            if o.kind != "pronoun" and not o.members and o.unit != s.unit
            if s.end <= o.start and o.end <= figure.start and a.units[o.unit].role in (*SUBJECTS, "possessor")
        ]
        if not rivals and (
            unit.role == "topic"
            or same
            or (unit.predicate >= 0 and a.structure.predicates[unit.predicate].kind != "adnominal")
        ):
            f["governs"] = 1.0
    if here is not None and here.host == s.unit:
        f["host"] = 1.0
    elif here is not None and here.host >= 0 and a.units[here.host].kind == "noun" and _owns(a, s, here.host):
        f["owns_host"] = 1.0
    sum_units = _sum_units(a, place)
    if any(_owns(a, s, i) for i in sum_units):
        f["owns_sum"] = 1.0
    if place - 1 in sum_units and a.units[place - 1].role == "" and len(sum_units) > 1:
        f["owns_beside" if _owns(a, s, place - 1) else "owns_not_beside"] = 1.0
    if (
        before
        and unit.role in ("", "comma", "possessor")
        and all(u.kind == "time" or u.host >= 0 for u in a.units[s.unit + 1 : place])
    ):
        f["beside"] = 1.0
    if s.members and a.cued("summing", max(0, figure.start - 10), figure.start):
        f["list_summed"] = 1.0
    f |= _after_figure(a, figure, place, s)
    f |= _not_spender(a, s)
    f |= _in_turn(a, figure, s)
    return f


def _is_generic(a: Analysis, unit: Unit) -> bool:
    return GENERIC.search(a.sentence[unit.start : unit.end]) is not None


def _after_figure(a: Analysis, figure: Figured, place: int, s: Spender) -> dict[str, float]:
    """Names behind a figure that it goes with, and those put in for a general word."""
    f: dict[str, float] = {}
    unit = a.units[s.unit]
    here = a.units[place] if place >= 0 else None
    governor = a.governed(place)
    predicate = a.structure.predicates[governor] if governor >= 0 else None
    if (
        here is not None
        and here.role == "possessor"
        and s.unit == place + 1 + sum(u.host == place for u in a.units[place + 1 :])
    ):
        f["head"] = 1.0
    if predicate is not None and predicate.kind == "adnominal" and not is_content(predicate, a.units):
        if predicate.head == s.unit:
            f["head"] = 1.0
        elif predicate.head >= 0 and s.start > figure.end:
            head = a.units[predicate.head]
            if (
                GENERIC.search(a.sentence[head.start : head.end])
                and head.predicate == unit.predicate
                and unit.role in ("copula", "to")
            ):
                f["head"] = 1.0
    generic = [
        u
        for u in a.units
        if u.kind == "noun" and u.role in ("topic", "subject", "to") and u.end <= s.start and _is_generic(a, u)
    ]
    if (
        generic
        and unit.role in (("subject",) if generic[-1].role == "to" else ("copula", "to"))
        and (unit.predicate == generic[-1].predicate or unit.predicate == governor)
    ):
        f["put_in"] = 1.0
    return f


_SOURCE = re.compile(
    r"(?:\([^()]*\))?(?:이|가|은|는|의|에|을|를)?\s?(?:[가-힣]{0,6}\s)?(?:에?\s?따르면|의하면|보도|분석|집계|자료|보고서를|밝혔|전했|발표)"
)
_RECEIVES = re.compile(
    r"(?:\([^()]*\))?(?:와|과|을|를|에|에게|에서|으로부터|로부터|등에|등과|등을)\s?(?:[가-힣]{0,8}\s){0,2}?(?:계약|고용|선임|지급|기용|영입|맡|위임|의뢰|손잡|대상|상대|줬|건넸|주었|준\s|지불)"
)


def _not_spender(a: Analysis, s: Spender) -> dict[str, float]:
    after = a.sentence[s.end : s.end + 30]
    f: dict[str, float] = {}
    if a.units[s.unit].role == "than" or re.match(
        r"(?:\([^()]*\))?(?:\s?대비|에\s?비해|에\s?이어|와\s?비교|과\s?비교|을\s?제치|를\s?제치)", after
    ):
        f["compared"] = 1.0
    if _SOURCE.match(after):
        f["source"] = 1.0
    if _RECEIVES.match(after):
        f["receives"] = 1.0
    if any(found.fullmatch(s.name) for found, _ in known("firms")):
        f["firm"] = 1.0
    return f


def in_turn(a: Analysis, figure: Figured, members: int, begin: int, *, up_to_time: bool = False) -> int:
    """Which of so many parallel sums behind a list a figure is (0, 1, ...); -1 where they are not so many.

    `begin`: where the list ends. `up_to_time`: sums behind a further expression of time are no part of them.
    """
    if isinstance(figure, Change):
        told = [c.start for c in a.changes if c.start >= begin]
        in_order = figure.start in told and len(told) == members and members > 1 and "각각" in a.sentence
        return told.index(figure.start) if in_order else -1
    end = len(a.sentence)
    if up_to_time:
        end = next((t.start for t in a.times if t.start >= begin and not t.compares), end)
    sums = [
        m.start
        for m in a.money
        if begin <= m.start < end
        and m.currency != "KRW"
        and (m.inside is None if figure.inside is None else m.twin is not None)
    ]
    if figure.start not in sums:
        return -1
    place = sums.index(figure.start)
    return place if place < members and (len(sums) == members or (len(sums) > members and "각각" in a.sentence)) else -1


def _in_turn(a: Analysis, figure: Figured, s: Spender) -> dict[str, float]:
    """ "A와 B는 각각 1, 2": the first goes with the first, and the list with neither."""
    f: dict[str, float] = {}
    for whole in a.spenders:
        if not whole.members or whole.end > figure.start:
            continue
        place = in_turn(a, figure, len(whole.members), whole.end)
        if place < 0:
            continue
        if s is whole:
            f["list_in_turn"] = 1.0
        elif whole.start <= s.start and s.end <= whole.end:
            f["in_turn" if whole.members[place] == s.name else "not_in_turn"] = 1.0
    if (
        "in_turn" not in f
        and not s.members
        and any(w.members and w.start <= s.start and s.end <= w.end for w in a.spenders)
        and "not_in_turn" not in f
    ):
        f["one_of_list"] = 1.0
    return f
