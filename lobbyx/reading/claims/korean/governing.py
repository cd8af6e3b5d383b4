"""What hangs on what in a Korean sentence: the predicate over each unit, and the unit a relative clause describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lobbyx.reading.claims.korean.structure import Predicate, Structure, Unit, is_content

ACTIONS = (
    "지출", "투입", "사용", "집행", "기록", "증가", "감소", "급증", "급감", "신고", "보고",
    "돌파", "육박", "초과", "상회", "확대", "축소", "집계", "고용", "계약",
)  # fmt: skip
"""Nouns that stand for a predicate where a headline ends."""


def _with_its_particle(unit: Unit, units: Sequence[Unit]) -> Unit:
    """An unknown name that took its particle in: 알트리아의, and 니콜라로 where a name is put in for 곳은."""
    last = unit.morphemes[-1] if unit.morphemes else None
    if last is None or last.tag != "NNP" or unit.role not in ("", "comma") or len(last.form) < 3:
        return unit
    put_in = any(u.role == "topic" and u.morphemes and u.morphemes[-1].form in PUT_IN_FOR for u in units)
    taken = "의" if last.form.endswith("의") else "으로" if put_in and last.form.endswith("으로") else ""
    taken = taken or ("로" if put_in and last.form.endswith("로") else "")
    if not taken:
        return unit
    name = replace(last, form=last.form[: -len(taken)], end=last.end - len(taken))
    role = "possessor" if taken == "의" else "to"
    return replace(unit, end=name.end, role=role, morphemes=(*unit.morphemes[:-1], name))


PUT_IN_FOR = ("곳", "기업", "회사", "업체", "단체", "그룹", "기관")


def _as_case(unit: Unit, following: Sequence[Unit]) -> Unit:
    """ "틱톡의 경우": the same as a topic."""
    case = following and following[0].morphemes and following[0].morphemes[0].form == "경우"
    return replace(unit, role="topic") if case and unit.role == "possessor" else unit


def hung(s: Structure) -> Structure:
    """The structure with its governors."""
    predicates = list(s.predicates)
    units = [_as_case(_with_its_particle(unit, s.units), s.units[i + 1 : i + 2]) for i, unit in enumerate(s.units)]
    for place, unit in enumerate(units):
        if (
            unit.kind == "noun"
            and unit.role in ("end", "comma")
            and unit.host < 0
            and unit.morphemes
            and unit.morphemes[-1].form in ACTIONS
        ):
            last = unit.morphemes[-1]
            predicates.append(
                Predicate(last.start, last.end, last.form, "final" if unit.role == "end" else "connective")
            )
            rest = unit.morphemes[:-1]
            if rest:
                units[place] = replace(unit, end=rest[-1].end, stop=rest[-1].end, morphemes=rest, role="")
            else:
                units[place] = replace(unit, role="predicate")
    predicates.sort(key=lambda p: p.start)
    for place, predicate in enumerate(predicates):
        if predicate.kind == "adnominal":
            head = next(
                (
                    i
                    for i, u in enumerate(units)
                    if u.start >= predicate.end - 1
                    and u.host < 0
                    and (u.kind == "noun" or (u.kind == "time" and u.role))
                ),
                -1,
            )
            predicates[place] = replace(predicate, head=head)
    for place, unit in enumerate(units):
        if unit.host < 0:
            # A topic, or what a comma sets apart, does not belong to a relative clause behind it.
            outer = unit.role == "topic" or (
                unit.role in ("to", "at", "object") and s.sentence[unit.stop : unit.stop + 1] == ","
            )
            units[place] = replace(unit, predicate=_governor(unit, outer, units, predicates))
    return Structure(s.sentence, tuple(units), tuple(predicates), s.morphemes)


def _governor(unit: Unit, outer: bool, units: Sequence[Unit], predicates: Sequence[Predicate]) -> int:
    for place, predicate in enumerate(predicates):
        if predicate.end <= unit.stop and not (unit.role == "copula" and predicate.end >= unit.stop):
            continue
        if predicate.start < unit.end and unit.role != "copula":
            continue
        if outer and predicate.kind == "adnominal" and not is_content(predicate, units):
            continue
        if (
            predicate.kind == "adnominal"
            and predicate.stem == "이다"
            and unit.role in ("to", "object", "at", "than", "with")
        ):
            continue  # "312만 달러로 첫해인 2017년에 비해"
        if outer and predicate.kind == "nominal":
            continue
        return place
    return -1
