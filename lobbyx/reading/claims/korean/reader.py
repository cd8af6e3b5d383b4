"""One Korean sentence -> its claims about money spent on U.S. federal lobbying, and about changes of it.

A figure is a claim when its clause says that it was spent and nothing that it was other money. Words
are data: `data/claims_korean.toml`. Dollars are the figure where won stands in parentheses behind them; won alone keeps
its currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.money import dollars
from lobbyx.model.period import Window
from lobbyx.reading.claims.context import Context, Read
from lobbyx.reading.claims.korean import building
from lobbyx.reading.claims.korean.times import Time, times
from lobbyx.reading.claims.korean.words import korean, korean_pattern

COARSEST_KOREAN = 1_000_000
"""US dollars. Korean figures are printed without decimals: 1000만 is "$10 million", read to this place at most."""
MOST_FIGURES = 40
"""Figures read of a sentence; one with more is a table."""
LARGEST_UNSAID = 10**8 * 100
"""US cents. More than this was hardly spent on lobbying where the sentence does not say on what."""

_UNITS = {"조": 10**12, "억": 10**8, "만": 10**4}
_SMALL = {"천": 1000, "백": 100, "십": 10}
_CHUNK = r"(?:[0-9]{1,4}(?:,[0-9]{3})*(?:\.[0-9]{1,4})?\s?[천백십]?\s?){1,3}"
_AMOUNT = re.compile(
    rf"(?<![0-9.,])(?P<number>(?:{_CHUNK}[조억만]\s?){{1,3}}(?:{_CHUNK})?|[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{3,9}}|[0-9]{{1,3}}\s?[천백])"
    r"(?P<about>여)?\s?(?P<currency>(?:미국\s?|미화\s?|미\s?)?달러|불(?=[을를이가의로에\s(,.]|$)|원)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in cents, with its place in the sentence."""

    start: int
    end: int
    value: int
    unit: int
    """Cents: the place of the last digit printed."""


@dataclass(frozen=True, slots=True)
class _Figure:
    amount: Amount
    currency: str
    about: bool


# Of all companies together, not of one.
_EVERYONE = re.compile(
    r"(?:기업|기업들|업체들|업계|재계|대기업|회사들|로비업계)(?:의|은|는|이|가|들은|들이|들의)\s[^,]{0,20}로비"
)


def is_korean(sentence: str) -> bool:
    """Whether a sentence is Korean: more Hangul than Latin letters."""
    if sentence.isascii():
        return False
    hangul = sum(len(run) for run in re.findall(r"[가-힣]+", sentence))
    return hangul > 0 and hangul >= sum(len(run) for run in re.findall(r"[A-Za-z]+", sentence))


def read(sentence: str, offset: int, context: Context) -> Read:
    """The claims of one sentence that starts at `offset` of its text, and what it leaves in mind."""
    claims, org = _read(
        sentence,
        offset,
        context.published,
        context.org,
        about_lobbying=context.about_lobbying,
        follows=context.follows,
        quoted=context.quoted,
    )
    return Read(tuple(claims), replace(context, org=org, follows=bool(claims)))


def _read(
    sentence: str,
    offset: int,
    published: date | None,
    before: str | None,
    *,
    about_lobbying: bool = False,
    follows: bool = False,
    quoted: bool = False,
) -> tuple[list[Claim], str | None]:
    """The claims of one sentence that starts at `offset` of its text, and the organization it leaves in mind.

    `about_lobbying`: the sentences just before speak of lobbying, so that this one need not say it again. `quoted`:
    there is no text around it that could say so; a claim then has `lobbying` in `missing`. `follows`: the sentence just
    before has a claim, so that "2023년에는 143만달러였다" goes on about it.
    """
    says_so = bool(korean_pattern("lobbying").search(sentence))
    if not any(unit in sentence for unit in ("달러", "불", "원", "%", "배")):
        return [], _in_mind(sentence, before)
    # 주의회 is no 의회 of the federation.
    without, elsewhere = korean_pattern("elsewhere").subn("", sentence)
    if elsewhere and not korean_pattern("federal").search(without):
        return [], _in_mind(sentence, before)
    figures = [
        f
        for f in islice(_figures(sentence), MOST_FIGURES)
        if _is_spent(sentence, f, says_so, about_lobbying, quoted) or (follows and _goes_on(sentence, f))
    ]
    if any(f.currency == "USD" for f in figures):
        figures = [f for f in figures if f.currency == "USD"]
    if _EVERYONE.search(sentence):
        figures = []
    figures = _sums(sentence, figures)
    expressions = times(sentence, published)
    orgs = _organizations(sentence, figures, before)
    claims = []
    for number, (figure, org) in enumerate(zip(figures, orgs, strict=True)):
        time = _time_of(figure.amount, number, figures, expressions)
        claims.append(_claim(sentence, figure, org, time, sure=says_so or about_lobbying))
    if says_so or (about_lobbying and claims):
        claims += _changes(sentence, claims, expressions, before)
    return building.placed(claims, sentence, offset), next(
        (c.org for c in reversed(claims) if c.org), _in_mind(sentence, before)
    )


# Quantity ----------------------------------------------------------------------------------------------------------


def number(text: str) -> tuple[int, int]:
    """(value, place of its last digit that is not zero) of a number such as `1천553만`, in hundredths.

    >>> number("1039만 5000")
    (1039500000, 100000)
    """
    value = 0
    place = 0
    rest = text.replace(",", "").replace(" ", "")
    for m in re.finditer(r"([0-9.천백십]+)([조억만]?)", rest):
        scale = _UNITS.get(m[2], 1)
        for part in re.finditer(r"([0-9]*)(?:\.([0-9]+))?([천백십]?)", m[1]):
            digits, decimals, small = part.groups()
            if not digits and not small:
                continue
            unit = scale * _SMALL.get(small, 1) * 100
            value += int(digits or "1") * unit
            significant = (digits or "1").rstrip("0")
            if significant:
                place = unit * 10 ** (len(digits or "1") - len(significant))
            if decimals:
                value += int(decimals) * unit // 10 ** len(decimals)
                place = unit // 10 ** len(decimals)
    return value, place


def _figures(sentence: str) -> Iterator[_Figure]:
    for m in _AMOUNT.finditer(sentence):
        value, place = number(m["number"])
        if value <= 0 or value > 10**17:
            continue
        amount = Amount(m.start(), m.end(), value, max(1, min(place, COARSEST_KOREAN * 100)))
        yield _Figure(amount, "KRW" if m["currency"] == "원" else "USD", bool(m["about"]))


def _is_spent(sentence: str, figure: _Figure, says_so: bool, about_lobbying: bool, quoted: bool) -> bool:
    start, end = figure.amount.start, figure.amount.end
    if figure.currency == "KRW" and re.search(r"\([^()]*$", sentence[:start]):
        return False  # the same sum in won, behind the dollars
    clause_start = max(
        (m.end() for m in re.finditer(r"[;·]|(?:지만|으나|는데|면서|반면|한편)[, ]", sentence[:start])), default=0
    )
    following = re.search(r"[;]|(?:지만|으나|반면)[, ]", sentence[end:])
    clause_end = end + following.start() if following else len(sentence)
    clause = sentence[clause_start:clause_end]
    near = sentence[max(clause_start, start - 40) : min(clause_end, end + 40)]
    if korean_pattern("other_money").search(near) or korean_pattern("conditional").search(
        sentence[end : min(clause_end, end + 40)]
    ):
        return False
    if says_so:
        return bool(korean_pattern("spending").search(clause)) and (
            bool(korean_pattern("lobbying").search(clause)) or about_lobbying or clause_start > 0
        )
    plainly = bool(korean_pattern("spent_plainly").search(sentence[end : end + 30]))
    may_be = about_lobbying or (quoted and figure.amount.value <= LARGEST_UNSAID)
    return plainly and may_be and figure.currency == "USD"


def _goes_on(sentence: str, figure: _Figure) -> bool:
    """Whether a figure is one more of those in the sentence before: "2023년에는 143만달러였다"."""
    after = sentence[figure.amount.end : figure.amount.end + 24]
    if korean_pattern("other_money").search(sentence) or korean_pattern("conditional").search(sentence):
        return False
    return (
        figure.currency == "USD"
        and re.match(r"(?:\s?\([^()]*\))?(?:였|이었|로 집계|에서|으로 늘|로 늘|에 그쳤|였고)", after) is not None
    )


def _sums(sentence: str, figures: list[_Figure]) -> list[_Figure]:
    """Without the parts of a sum: "간접지출 179만 달러, 직접지출 529만 달러 등 총 708만 달러" is one claim."""
    for place, figure in enumerate(figures[1:], 1):
        between = sentence[figures[place - 1].amount.end : figure.amount.start]
        if re.search(r"(?:등|합쳐|합해|합하면|더해|더하면|모두 합)[^0-9]{0,12}(?:총|모두|합계)?\s*$|합계\s*$", between):
            return figures[place:]
    return figures


def _comparator(sentence: str, figure: _Figure) -> tuple[Comparator, int, int]:
    start, end = figure.amount.start, figure.amount.end
    head = sentence[max(0, start - 14) : start]
    for name, entries in korean()["comparators_before"].items():
        if m := re.search(rf"(?:^|[\s(])(?:{'|'.join(entries)})\s?(?:총|누적|모두|무려)?\s?$", head):
            return name, start - len(head) + m.start() + len(m.group()) - len(m.group().lstrip(" (")), end
    tail = re.sub(r"^\s?\([^()]*\)", lambda m: " " * len(m.group()), sentence[end : end + 60])
    for name, entries in korean()["comparators_after"].items():
        if m := re.match(rf"\s*(?:{'|'.join(entries)})", tail):
            return name, start, end + m.end()
    return ("about" if figure.about else "exact"), start, end


def _time_of(figure: Amount, place: int, figures: Sequence[_Figure], expressions: Sequence[Time]) -> Time | None:
    """Korean names the time before the sum: the last expression before it, else the first of the sentence."""
    # "전년보다 15% 줄어든": with what it is compared is not when it was.
    expressions = [t for t in expressions if not t.compares]
    previous = figures[place - 1].amount.end if place else 0
    own = [t for t in expressions if previous <= t.start and t.end <= figure.start]
    if own:
        return own[-1]
    earlier = [t for t in expressions if t.end <= figure.start]
    if earlier:
        return earlier[-1]
    following = figures[place + 1].amount.start if place + 1 < len(figures) else 10**9
    return next((t for t in expressions if figure.end <= t.start < following), None)


def _claim(sentence: str, figure: _Figure, org: str | None, time: Time | None, *, sure: bool) -> Claim:
    comparator, start, end = _comparator(sentence, figure)
    return building.claim(
        *(sentence, (start, end), org, time),
        lacks=() if sure else ("lobbying",),
        kind="spend",
        value=dollars(figure.amount.value),
        precision=dollars(figure.amount.unit),
        comparator=comparator,
        currency=figure.currency,
    )


# Organizations ---------------------------------------------------------------------------------------------------

_NOUN = r"[A-Za-z0-9가-힣&.·\-]+(?:\([^()]{1,20}\))?(?:\s(?:Inc|Corp|LLC)\.?)?"
_TOPIC = re.compile(rf"(?P<noun>{_NOUN})(?P<particle>은|는|이|가|의|에서는|측은|측이)(?=[\s,‘“\"']|$)")


def _nouns(text: str) -> list[tuple[int, int, str, str]]:
    """(start, end, noun, particle) of nouns that may be a spender."""
    lists = korean()["organizations"]
    found = []
    for m in _TOPIC.finditer(text):
        start, noun, particle = m.start("noun"), m["noun"], m["particle"]
        if noun in lists["pronouns"] or text[max(0, start - 2) : start] + noun in lists["pronouns"]:
            found.append((start, m.end("noun"), "", particle))
            continue
        if noun in lists["descriptors"]:
            earlier = re.search(rf"({_NOUN})\s?$", text[:start])
            if not earlier:
                continue
            if noun == "그룹":  # 삼성 그룹
                start, noun = earlier.start(1), f"{earlier[1]} 그룹"
            else:
                start, noun = earlier.start(1), earlier[1]
        if noun in lists["not_names"] or re.search(
            r"(?:액|비용|규모|자금|보고서|년|월|분기|달러|원|기간|때|중|들|것|쪽|률)$", noun
        ):
            continue
        if re.match(r"[0-9.,%~\-]+(?:년|월|일|분기|만|억|명|곳|건|개)", noun) or re.fullmatch(r"[0-9.,%~\-]+", noun):
            continue
        if len(noun) < 2:
            continue
        found.append((start, m.end("noun"), re.sub(r"\([^()]*\)$", "", noun), particle))
    return found


def _organizations(sentence: str, figures: Sequence[_Figure], before: str | None) -> list[str | None]:
    if "각각" in sentence and len(figures) > 1:
        m = re.search(rf"((?:{_NOUN}(?:와|과|,|·)\s?)+{_NOUN})(?:은|는|이|가)\s", sentence[: figures[0].amount.start])
        if m:
            names = [name for name in re.split(r"(?:(?<=[가-힣A-Za-z])(?:와|과)\s|,\s?|·)", m[1]) if name]
            if len(names) == len(figures):
                return [re.sub(r"(?:와|과)$", "", name) for name in names]
    return [_organization(sentence, f.amount.start, before) for f in figures]


def _organization(sentence: str, place: int, before: str | None) -> str | None:
    found = [n for n in _nouns(sentence[:place]) if n[1] <= place]
    for particles in (("은", "는", "측은", "에서는"), ("이", "가", "측이"), ("의",)):
        for _, _, noun, particle in reversed(found):
            if particle in particles:
                if noun:
                    return noun
                if before:
                    return before
    # A headline leaves the particle out: "쿠팡 로비 자금".
    m = re.search(rf"({_NOUN})\s(?:대미\s|미국\s|미\s)?로비\s?(?:자금|지출|비용|금액|액|규모|예산)", sentence)
    if m and m[1] not in korean()["organizations"]["not_names"] and not re.match(r"[0-9]", m[1]):
        return m[1]
    return before


def _in_mind(sentence: str, before: str | None) -> str | None:
    found = [n for n in _nouns(sentence) if n[2] and n[0] <= 40]
    for particles in (("은", "는"), ("이", "가")):
        if named := [n[2] for n in found if n[3] in particles]:
            return named[0]
    return before


# Changes ---------------------------------------------------------------------------------------------------------

_CHANGE = re.compile(
    r"(?P<percent>[0-9]{1,4}(?:\.[0-9]+)?)\s?(?:%|퍼센트)(?!\s?포인트|p)|(?P<times>두|세|네|[2-9](?:\.[0-9])?)\s?배(?=\s?(?:로|가|이상|넘|가량|가까이|늘|증|뛰|급|많))"
)
_TIMES = {"두": 2.0, "세": 3.0, "네": 4.0}


def _changes(sentence: str, sums: Sequence[Claim], expressions: Sequence[Time], before: str | None) -> Iterator[Claim]:
    for m in _CHANGE.finditer(sentence):
        after, head = sentence[m.end() : m.end() + 14], sentence[max(0, m.start() - 30) : m.start()]
        sign = (
            1
            if korean_pattern("changes", "up").search(after)
            else -1
            if korean_pattern("changes", "down").search(after)
            else 0
        )
        if (
            not sign
            or korean_pattern("other_money").search(head + after)
            or korean_pattern("conditional").search(after)
        ):
            continue
        if not sums and not re.search(r"로비\s?(?:자금|비용|지출|금액|액|예산|비|규모|활동)", sentence):
            continue
        if m["percent"]:
            value, precision = sign * float(m["percent"]) / 100, 10.0 ** -(len(m["percent"].partition(".")[2]) + 2)
        else:
            times_ = _TIMES.get(m["times"]) or float(m["times"])
            value, precision = (times_ - 1 if sign > 0 else 1 / times_ - 1), 0.1
        comparator: Comparator = "exact"
        if re.match(r"\s?(?:이상)", after):
            comparator = "at_least"
        elif re.match(r"\s?(?:넘게|넘|초과)", after):
            comparator = "more_than"
        elif re.match(r"\s?(?:가까이|육박)", after):
            comparator = "nearly"
        elif re.search(r"약\s?$", head) or re.match(r"\s?(?:가량|정도)", after):
            comparator = "about"
        baseline = next(
            (
                t
                for t in reversed(expressions)
                if t.end <= m.start() and re.match(r"\s?(?:대비|보다|에 비해|과 비교|와 비교|에서)", sentence[t.end :])
            ),
            None,
        )
        others = [t for t in expressions if t is not baseline]
        told = baseline.window if baseline else None
        if told is None and len(sums) > 1 and sums[-2].window != sums[-1].window:
            told = sums[-2].window  # "2023년 155만달러에서 2024년 387만달러로 두 배"
        window = next((t for t in others if sums and t.window == sums[-1].window), None) or next(iter(others), None)
        end = m.end() + (found.end() if (found := re.match(r"\s?\S{1,6}", after)) else 0)
        start = baseline.start if baseline else m.start()
        org = sums[-1].org if sums else _organization(sentence, m.start(), before)
        missing = [
            *(["org"] if org is None else []),
            *(["window"] if window is None else []),
            *([] if told else ["baseline"]),
        ]
        yield Claim(
            text=sentence[start:end], start=start, end=end, kind="change", org=org, value=round(value, 6),
            precision=precision, comparator=comparator, window=window.window if window else Window(),
            window_text=sentence[window.start : window.end] if window else None, missing=tuple(missing),
            detail={"baseline": told.json()} if told else {},
        )  # fmt: skip
