"""Who may have spent: the names in a Korean sentence, from its noun runs.

A run of nouns up to its particle is taken whole (전미소매협회, 현대·기아차, 메타 플랫폼스), never one proper noun of
it; what comes before a word of kind ("틱톡 모회사 바이트댄스") and what only follows a name (측, 본사) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lobbyx.reading.claims.korean.morphemes import Morpheme
from lobbyx.reading.claims.korean.structure import Structure, Unit
from lobbyx.reading.claims.korean.words import any_of, loose, words
from lobbyx.reading.claims.mentions import Name

SHORTEST, LONGEST = 2, 40
MOST_NAMES, MOST_LISTS = 40, 8
"""Names and lists of names read of a sentence; one with more is a table."""
_POINTS_BACK = re.compile(r"(?:^|\s)(?:이|해당|동)\s$")
_PERSON = re.compile(
    r"[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용][가-힣]{2}"
)
"""A family name and a given name of two syllables."""


@dataclass(frozen=True, slots=True)
class Spender(Name):
    """A name with the unit it stands in."""

    unit: int = -1
    members: tuple[str, ...] = ()
    """The names of a list ("삼성전자와 현대차")."""
    known_shape: bool = False
    """It ends as organizations do, or is a proper noun."""
    person: bool = False
    """It is the organization before a person ("쿠팡 김범석 의장")."""


@cache
def _lists() -> dict[str, Any]:
    w = words()["names"]
    return {
        "not_names": frozenset(w["not_names"]),
        "known": frozenset(w["known"]),
        "pronouns": frozenset(w["pronouns"]),
        "after": tuple(sorted(w["after_names"], key=len, reverse=True)),
        "leading": frozenset(w["leading"]) | frozenset(w["countries"]),
        "leading_groups": frozenset(w["leading_groups"]),
        "countries": frozenset(w["countries"]),
        "everybody": frozenset(w["everybody"]),
        "not_endings": re.compile(loose(w["not_name_endings"])),
        "people": re.compile(loose(w["people"])),
        "before": re.compile(rf"[가-힣A-Za-z]*{loose(w['before_names'])}$"),
        "endings": re.compile(w["organization_endings"]),
        "groups": re.compile(w["groups"]),
        "publishers": re.compile(any_of(w["publishers"])),
    }


def names(structure: Structure) -> list[Spender]:
    """The names in the units of a sentence, in order; a list of names gives one for all and one for each."""
    found: list[Spender] = []
    for place, unit in enumerate(structure.units):
        if unit.kind == "noun" and unit.host < 0:
            found += _of_unit(structure, place)
    if _EACH.search(structure.sentence):
        found = [part for s in found for part in _parted(s)]
    found += _totals(structure, found)
    found = sorted(found, key=lambda s: s.start)[:MOST_NAMES]
    return [*found, *_listed(structure, found)[:MOST_LISTS]]


_PASSED = re.compile(r"집행|지급|투입|사용|지출|쓰이|쓰여|들어가|신고|등록")
_TOTAL = re.compile(
    r"(?:전체|총)\s?로비|로비[가-힣\s]{0,8}?(?:총액|총합)|로비\s?(?:시장|산업|업계)[가-힣\s]{0,6}(?:규모|매출|지출)"
)


def _totals(structure: Structure, found: Sequence[Spender]) -> list[Spender]:
    """ "미국에서 집행된 로비자금 총액": a sum of everybody's, where nobody owns it."""
    totals: list[Spender] = []
    for place, unit in enumerate(structure.units):
        if unit.kind != "noun" or unit.host >= 0 or any(s.unit == place for s in found):
            continue
        if any(
            s.unit < place
            and structure.units[s.unit].role == "possessor"
            and all(u.kind == "time" for u in structure.units[s.unit + 1 : place])
            for s in found
        ):
            continue
        passed = any(
            p.head == place and p.kind == "adnominal" and _PASSED.search(p.stem)
            and re.search(r"(?:된|되는|인|진|간)$", structure.sentence[p.start : p.end])
            for p in structure.predicates
        )  # fmt: skip
        of_lobbying = re.search(r"로비|미국|워싱턴|연방", structure.sentence[max(0, unit.start - 20) : unit.end])
        if (passed and of_lobbying) or _TOTAL.search(structure.sentence[unit.start : unit.end]):
            totals.append(Spender(unit.start, unit.end, "total", "total", place))
    return totals


def _of_unit(structure: Structure, place: int) -> list[Spender]:
    unit = structure.units[place]
    sentence = structure.sentence
    text = sentence[unit.start : unit.end]
    lists = _lists()
    if counted := _counted(structure, unit, place):
        return [counted]
    points_back = _POINTS_BACK.search(sentence[: unit.start]) and not re.match(r"(?:중|가운데)\s|.*[0-9]", text)
    if points_back and lists["before"].fullmatch(text.split()[-1]):
        return [Spender(unit.start, unit.end, "", "pronoun", place)]  # 이 암호화폐 거래소
    if text in lists["pronouns"] or _with_determiner(structure, unit) in lists["pronouns"]:
        described = any(p.kind == "adnominal" and p.head == place for p in structure.predicates)
        return [] if described else [Spender(unit.start, unit.end, "", "pronoun", place)]
    if lists["publishers"].fullmatch(text):
        return []
    words_ = _words(unit)
    if lists["people"].search(text) and not lists["endings"].search(words_[0][0]) and len(words_) < 2:
        return []
    person = bool(lists["people"].search(text))
    if person:
        words_ = words_[:1]
        if _PERSON.fullmatch(words_[0][0]):
            return []
    end = len(words_)
    # 로비 비용: what stands before it may own it ("쿠팡 로비 비용", "미국 로비 비용").
    lobbying = next((i for i, (w, _) in enumerate(words_) if "로비" in w or w in ("대미", "대관", "對美")), None)
    owns = lobbying is not None
    if lobbying is not None:
        end = lobbying
    words_ = words_[:end]
    if group := _group(sentence, words_, place):
        return [group]
    words_ = _trimmed(words_)
    if not words_:
        return []
    start, stop = words_[0][1][0].start, words_[-1][1][-1].end
    name = sentence[start:stop]
    if name in lists["everybody"] and (
        unit.role == "possessor"
        or (owns and name not in lists["countries"] and unit.role in ("topic", "subject", "also"))
    ):
        return [Spender(start, stop, "total", "total", place)]
    if not _may_be(name, words_, structure, unit):
        return []
    if owns and not _shaped(words_) and place and structure.units[place - 1].role == "possessor":
        return []  # 쿠팡의 신고 로비액
    return [Spender(start, stop, name, "name", place, known_shape=_shaped(words_), person=person)]


def _with_determiner(structure: Structure, unit: Unit) -> str:
    before = re.search(r"(이|그|같은|해당|동)\s?$", structure.sentence[: unit.start])
    return f"{before[1]} {structure.sentence[unit.start : unit.end]}" if before else ""


_EVERYBODY = re.compile(r"미국\s(?:내\s)?재계")
_COUNTED = re.compile(r"(?:이들\s)?(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|[0-9]{1,3}개?|[0-9]대)\s$")


def _counted(structure: Structure, unit: Unit, place: int) -> Spender | None:
    """ "세 그룹의", "두 회사는": several organizations named before."""
    if not re.fullmatch(
        r"(?:그룹|회사|기업|업체|단체|사|빅테크|대기업|협회)(?:들)?", structure.sentence[unit.start : unit.end]
    ):
        return None
    before = _COUNTED.search(structure.sentence[: unit.start])
    return (
        Spender(before.start(), unit.end, structure.sentence[before.start() : unit.end], "group", place)
        if before
        else None
    )


def _words(unit: Unit) -> list[tuple[str, tuple[Morpheme, ...]]]:
    """The words of a unit as they are spaced, each with its morphemes."""
    found: list[list[Morpheme]] = []
    for m in unit.morphemes:
        if found and found[-1][-1].end == m.start:
            found[-1].append(m)
        else:
            found.append([m])
    return [("".join(m.form for m in word), tuple(word)) for word in found]


def _group(sentence: str, words_: Sequence[tuple[str, tuple[Morpheme, ...]]], place: int) -> Spender | None:
    while len(words_) > 1 and (all(m.tag == "NNB" for m in words_[0][1]) or words_[0][0] in _lists()["leading_groups"]):
        words_ = words_[1:]
    if not words_:
        return None
    start, stop = words_[0][1][0].start, words_[-1][1][-1].end
    text = sentence[start:stop]
    if _EVERYBODY.fullmatch(text):
        return Spender(start, stop, "total", "total", place)
    if _lists()["groups"].search(text) is None or (
        len(words_) == 1 and not re.search(r"[0-9]|들$|업계$|재계$|빅테크$", text)
    ):
        return None
    return Spender(start, stop, text, "group", place)


def _trimmed(words_: list[tuple[str, tuple[Morpheme, ...]]]) -> list[tuple[str, tuple[Morpheme, ...]]]:
    lists = _lists()
    while len(words_) > 1 and any(
        words_[-1][0] == a or " ".join(w for w, _ in words_[-2:]) == a for a in lists["after"]
    ):
        words_ = words_[:-1]
    kinds = [i for i, (w, _) in enumerate(words_[:-1]) if lists["before"].fullmatch(w)]
    if kinds:
        words_ = words_[kinds[-1] + 1 :]
    while len(words_) > 1 and (all(m.tag == "NNB" for m in words_[0][1]) or re.fullmatch(r"[0-9]+위", words_[0][0])):
        words_ = words_[1:]
    while (
        len(words_) > 1
        and words_[0][0] in lists["leading"]
        and (words_[0][0] not in lists["countries"] or _proper(words_[1:]))
    ):
        words_ = words_[1:]
    if words_:
        last, morphemes = words_[-1]
        for ending in ("측", "쪽"):
            if last.endswith(ending) and len(last) > len(ending) + 1 and morphemes[-1].form == ending:
                words_ = [*words_[:-1], (last[: -len(ending)], morphemes[:-1])]
    return words_


def _proper(words_: Sequence[tuple[str, tuple[Morpheme, ...]]]) -> bool:
    return any(m.tag in ("NNP", "SL") for _, ms in words_ for m in ms)


def _shaped(words_: Sequence[tuple[str, tuple[Morpheme, ...]]]) -> bool:
    return _lists()["endings"].search(words_[-1][0]) is not None or any(m.tag in ("NNP", "SL") for m in words_[-1][1])


def _may_be(name: str, words_: Sequence[tuple[str, tuple[Morpheme, ...]]], structure: Structure, unit: Unit) -> bool:
    lists = _lists()
    if not SHORTEST <= len(name) <= LONGEST and not re.fullmatch(r"[A-Z]", name) and name not in lists["known"]:
        return False
    if name in lists["not_names"] or words_[-1][0] in lists["not_names"] or lists["publishers"].search(name):
        return False
    if lists["not_endings"].search(name) or re.match(
        r"[0-9.,%]+\s?(?:년|월|일|분기|만|억|명|곳|건|개|위|배|%|$)", name
    ):
        return False
    return any(m.tag in ("NNP", "NNG", "SL", "SH", "XR") for _, ms in words_ for m in ms)


# Lists ---------------------------------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"(?:\([^()0-9]{1,40}\))?(?:와|과|하고|,|및|·|ㆍ|\s){1,4}")


_EACH = re.compile(r"각각|각기|씩(?=[\s을를])")
_DOTS = re.compile(r"\s?[·ㆍ∙/]\s?")


def _parted(spender: Spender) -> list[Spender]:
    """ "두산·효성·포스코는 각각": the names that dots join, where something is said of each."""
    names_ = _DOTS.split(spender.name)
    if spender.kind != "name" or len(names_) < 2 or not all(len(name) >= SHORTEST for name in names_):
        return [spender]
    parts: list[Spender] = []
    at = spender.start
    for name in names_:
        at = spender.start + spender.name.index(name, at - spender.start)
        parts.append(replace(spender, start=at, end=at + len(name), name=name, known_shape=True))
        at += len(name)
    return parts


def _listed(structure: Structure, found: Sequence[Spender]) -> list[Spender]:
    """ "삼성전자와 현대차는", "SK, LG": one name for all of a list whose last takes the particle."""
    named = [s for s in found if s.kind in ("name", "group")]
    lists: list[Spender] = []
    run: list[Spender] = []
    for spender in named:
        unit = structure.units[spender.unit]
        before = structure.units[run[-1].unit] if run else unit
        if run and (before is unit or _BETWEEN.fullmatch(structure.sentence[before.end : unit.start])):
            run.append(spender)
        else:
            run = [spender]
        more = any(s.unit == spender.unit and s.start > spender.start for s in named)
        if len(run) > 1 and unit.role not in ("with", "comma", "") and not more:
            start, stop = run[0].start, spender.end
            members = tuple(s.name for s in run)
            lists.append(Spender(start, stop, structure.sentence[start:stop], "group", spender.unit, members, True))
            run = []
    return lists
