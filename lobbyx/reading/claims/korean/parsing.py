"""Morphemes of a Korean sentence -> its units and predicates, and what hangs on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lobbyx.reading.claims.korean.governing import hung
from lobbyx.reading.claims.korean.morphemes import Morpheme, morphemes
from lobbyx.reading.claims.korean.structure import Predicate, PredicateKind, Structure, Unit, UnitKind

NOUNS = ("NNG", "NNP", "NNB", "NR", "NP", "SN", "SL", "SH", "XSN", "XPN", "XR", "SW", "MMN")
_VERBS = ("VV", "VA", "VX", "VCN", "XSV", "XSA")
CASES = {
    "JKS": "subject", "JKC": "complement", "JKG": "possessor", "JKO": "object", "JC": "with", "JKQ": "quote",
    "JKV": "topic",
}  # fmt: skip
ADVERBIAL = {
    "에": "at", "에서": "from", "로": "to", "으로": "to", "보다": "than", "와": "with", "과": "with", "하고": "with",
    "에게": "given", "한테": "given", "께": "given", "에게서": "from", "대로": "as", "처럼": "as",
}  # fmt: skip
TOPICS = ("은", "는")
BOUNDS = (
    "이상",
    "이하",
    "미만",
    "초과",
    "가량",
    "정도",
    "안팎",
    "내외",
    "쯤",
    "수준",
    "남짓",
    "이내",
    "선",
    "대",
    "여",
    "어치",
    "상당",
    "꼴",
)
"""Nouns behind a figure that say how it compares; its particle follows them."""


def parse(sentence: str, figures: Sequence[tuple[int, int]], times: Sequence[tuple[int, int]]) -> Structure:
    """The structure of a sentence whose figures and times are known by their spans."""
    builder = _Builder(sentence, figures, times)
    found = morphemes(sentence)
    for place, m in enumerate(found):
        builder.take(m, found[place + 1] if place + 1 < len(found) else None)
    builder.close("end")
    return hung(Structure(sentence, tuple(builder.units), tuple(builder.predicates), found))


class _Builder:
    """Takes morphemes one by one; keeps the unit and the predicate that are still open."""

    def __init__(self, sentence: str, figures: Sequence[tuple[int, int]], times: Sequence[tuple[int, int]]) -> None:
        self.sentence = sentence
        spans: list[tuple[int, int, UnitKind, int]] = [(s, e, "figure", i) for i, (s, e) in enumerate(figures)]
        spans += [(s, e, "time", i) for i, (s, e) in enumerate(times)]
        self.spans = sorted(spans)
        self.units: list[Unit] = []
        self.predicates: list[Predicate] = []
        self.open = -1  # the unit that may take a particle
        self.hosts: list[int] = []  # units before the parentheses that are open
        self.verb: Predicate | None = None
        self.not_before = False

    def take(self, m: Morpheme, following: Morpheme | None) -> None:
        if self.verb is not None:
            if m.tag in ("EP", "EC", "EF", "ETM", "ETN") or (m.tag == "VX" and self.verb.ending):
                self._inflect(m)
                return
            if m.tag == "VX":
                return
            self._end_verb()
        span = next((s for s in self.spans if s[0] <= m.start < s[1] or m.start <= s[0] < m.end), None)
        if span is not None:
            self._special(span)
        elif m.tag.startswith("J"):
            self._particle(m)
        elif m.tag == "VCP":
            self._close_with("copula", m.end)
            self.verb = Predicate(m.start, m.end, "이다", "final")
        elif m.tag in ("XSV", "XSA"):
            self._noun_becomes_verb(m)
        elif m.tag in _VERBS:
            self.close("")
            stem = "아니다" if m.tag == "VCN" else m.form
            self.verb = Predicate(m.start, m.end, stem, "final", negated=m.tag == "VCN" or self.not_before)
        elif m.tag in NOUNS or (m.tag.startswith("W_") and self.open >= 0 and self._is_near(m)):
            self._noun(m)
        elif (
            m.tag in ("MM", "MMA", "MMD")
            and following is not None
            and following.start == m.end
            and following.tag in NOUNS
        ):
            self._noun(m)  # 전미소매협회 = 전 + 미 + 소매 + 협회
        elif (
            m.form == "."
            and self._is_near(m)
            and following is not None
            and following.start == m.end
            and following.tag == "SL"
        ):
            self._noun(m)  # 바이낸스.US
        elif (
            m.tag in ("SP", "SO", "SW")
            and m.form in "·/-&~∙ㆍ・"
            and following is not None
            and self._is_near(m)
            and following.start == m.end
        ):
            self._noun(m)
        elif m.tag == "SSO" and m.form in "([（〔<〈":
            self.hosts.append(self.open if self._is_near(m, 1) else -1)
            self.open = -1
        elif m.tag == "SSC" and m.form in ")]）〕>〉":
            self.close("")
            if self.hosts:
                self.open = self.hosts.pop()
                if self.open >= 0:
                    self.units[self.open] = replace(self.units[self.open], stop=m.end)
        elif m.tag in ("SSO", "SSC", "SS"):
            if self.open >= 0:
                self.units[self.open] = replace(self.units[self.open], stop=m.end)
        elif m.tag == "SP":
            self.close("comma")
        elif m.tag in ("SE", "SF"):
            self.close("end")
        elif m.tag == "MAG" and m.form in ("역시", "또한"):  # "SK하이닉스 역시"
            self._close_with("also", m.end)
        elif m.tag == "MAG" and m.form in ("안", "못"):
            self.close("")
            self.not_before = True
            return
        else:
            self.close("")
        self.not_before = False

    def _is_near(self, m: Morpheme, gap: int = 0) -> bool:
        return self.open >= 0 and m.start - self.units[self.open].stop <= gap

    def _special(self, span: tuple[int, int, UnitKind, int]) -> None:
        start, end, kind, index = span
        if any(u.kind == kind and u.index == index for u in self.units[-4:]):
            return
        self.close("")
        self.units.append(Unit(start, end, kind, index, stop=end, host=self._host()))
        self.open = len(self.units) - 1

    def _host(self) -> int:
        return self.hosts[-1] if self.hosts else -1

    def _noun(self, m: Morpheme) -> None:
        if self.open >= 0 and self.units[self.open].kind == "figure" and m.form in BOUNDS and self._is_near(m, 1):
            self.units[self.open] = replace(self.units[self.open], stop=m.end)
            return
        if (
            self.open >= 0
            and self.units[self.open].kind == "noun"
            and not self.units[self.open].role
            and self.units[self.open].stop == self.units[self.open].end  # no parentheses between
            and self._is_near(m, 1)
        ):
            unit = self.units[self.open]
            self.units[self.open] = replace(unit, end=m.end, stop=m.end, morphemes=(*unit.morphemes, m))
            return
        self.close("")
        self.units.append(Unit(m.start, m.end, "noun", -1, stop=m.end, host=self._host(), morphemes=(m,)))
        self.open = len(self.units) - 1

    def _particle(self, m: Morpheme) -> None:
        if self.open < 0:
            return
        unit = self.units[self.open]
        if m.tag == "JX":
            role = unit.role or ("topic" if m.form in TOPICS else "also")
            if m.form in TOPICS and unit.role in ("from", "also"):
                role = "topic"  # 회사에서는, 쿠팡만은
            elif m.form == "부터":
                role = "from"
        elif m.tag == "JKB":
            role = ADVERBIAL.get(m.form, "adverbial")
        else:
            role = CASES.get(m.tag, "adverbial")
        self.units[self.open] = replace(unit, role=role, stop=m.end)

    def _close_with(self, role: str, stop: int) -> None:
        if self.open >= 0:
            unit = self.units[self.open]
            kept = "" if role == "copula" and unit.role == "also" else unit.role  # 효성뿐이었다
            self.units[self.open] = replace(unit, role=kept or role, stop=max(unit.stop, stop))
        self.open = -1

    def close(self, role: str) -> None:
        if self.verb is not None:
            self._end_verb()
        self._close_with(role, 0)

    def _noun_becomes_verb(self, m: Morpheme) -> None:
        stem, start = m.form, m.start
        if self.open >= 0 and self.units[self.open].kind == "noun" and self.units[self.open].morphemes:
            unit = self.units[self.open]
            last = unit.morphemes[-1]
            stem, start = last.form, last.start
            rest = unit.morphemes[:-1]
            if rest and not unit.role:
                self.units[self.open] = replace(unit, end=rest[-1].end, stop=rest[-1].end, morphemes=rest)
            elif not rest:
                del self.units[self.open]
        self.open = -1
        self.verb = Predicate(start, m.end, stem, "final", negated=self.not_before)

    def _inflect(self, m: Morpheme) -> None:
        assert self.verb is not None
        v = self.verb
        if m.tag == "VX":
            negated = v.negated or m.form in ("않", "못하", "말")
            self.verb = replace(v, end=m.end, negated=negated, ending="")
        elif m.tag == "EP":
            self.verb = replace(v, end=m.end, future=v.future or m.form == "겠")
        else:
            kind: PredicateKind = (
                "adnominal"
                if m.tag == "ETM"
                else "nominal"
                if m.tag == "ETN"
                else "connective"
                if m.tag == "EC"
                else "final"
            )
            future = v.future or (m.tag == "ETM" and m.form in ("ᆯ", "을", "ㄹ", "는다는", "ᆯ지"))
            self.verb = replace(v, end=m.end, kind=kind, ending=m.form, future=future)

    def _end_verb(self) -> None:
        assert self.verb is not None
        self.predicates.append(self.verb)
        self.verb = None
