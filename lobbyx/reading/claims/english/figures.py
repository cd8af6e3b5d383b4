"""Sums of money and changes in an English sentence, with ranges, and what the words beside them say of exactness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from lobbyx.model.claim import Comparator
from lobbyx.reading.claims.english import spelled
from lobbyx.reading.claims.english.words import spaced, words
from lobbyx.reading.claims.mentions import Figure

SCALES = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mln": 10**6, "mil": 10**6, "mn": 10**6, "mm": 10**6, "m": 10**6,
    "billion": 10**9, "bln": 10**9, "bn": 10**9, "b": 10**9,
    "trillion": 10**12, "trn": 10**12, "tn": 10**12,
}  # fmt: skip
LARGEST = 100 * 10**9
"""US dollars; what is larger is no money spent on lobbying, not even by everybody in twenty-five years."""
FINEST_USUAL = 10_000
"""US dollars. Figures printed in full ("$2,000,000") are read to this place at least: reports are rounded to it."""
MOST_FIGURES = 40
"""Figures read of a sentence; one with more is a table."""

_NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]{1,6})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,12}(?:[.,][0-9]{1,6})?)"
)
_SCALE = "|".join(SCALES)
_SIGN = r"(?:US\$|U\.S\.\s?\$|USD\s?\$?|(?<![A-Za-z])\$)"
_COUNT_WORDS = {
    w: n for n, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}
_SPOKEN = "|".join(_COUNT_WORDS)
_MONEY = re.compile(
    rf"""(?xi)
    (?: {_SIGN}\s? (?P<number>{_NUMBER}) (?P<plus>\+)? (?: [\s-]? (?P<scale>{_SCALE})\b )? (?P<plus2>\+)?
        (?:\s(?:US\s|U\.S\.\s)?dollars\b)?
    | (?<![\w.,$€£¥-]) (?P<amount>{spelled.AMOUNT}) \s(?:U\.S\.\s|US\s|American\s)?dollars\b
    | (?<![\w.,$€£¥-])(?<!hundred\s) (?P<words>{_NUMBER} | half\sa | a\shalf | half | three[\s-]quarters\sof\sa
        | a\squarter(?:[\s-](?:of\s)?a)? | {spelled.SPELLED} | a)
        (?: [\s-]? (?P<wscale>{_SCALE})\b )? (?:\s(?:U\.S\.\s|US\s|American\s)?dollars\b|\sUSD\b|\s?\(USD\))
    | (?<=\s)(?<!\sby\s)(?<!\sfor\s)(?<!\sat\s)(?<!\swith\s)(?<!\sand\s)
        (?P<bare>{_NUMBER}) \s? (?P<bscale>K|M)\b (?!(?-i:\s[A-Z])|[’']|\sCo)
    )"""
)
_BESIDE = r"(?:(?:about|roughly|nearly|almost|just|over|under|around|some|slightly|a\slittle|more\sthan)\s){0,3}"
_RANGE = re.compile(
    rf"""(?xi)
    (?:(?:between|rang(?:e|es|ed|ing)\sfrom)\s {_BESIDE} {_SIGN}\s? (?P<b1>{_NUMBER}) (?:[\s-]?(?P<bs1>{_SCALE})\b)?
        \s(?:and|to)\s {_BESIDE}
        (?:{_SIGN}\s?)? (?P<b2>{_NUMBER}) (?:[\s-]?(?P<bs2>{_SCALE})\b)?
    | (?P<from>(?:anywhere\sfrom|ranging\sfrom|ranges\sfrom|ranged\sfrom)\s)?
        {_SIGN}\s? (?P<r1>{_NUMBER}) (?:[\s-]?(?P<rs1>{_SCALE})\b)?
      \s?(?:-|–|—|\sto\s|\sor\s)\s? (?:{_SIGN}\s?)? (?P<r2>{_NUMBER}) (?:[\s-]?(?P<rs2>{_SCALE})\b)?
    )"""
)


@dataclass(frozen=True, slots=True)
class _Sum:
    value: int
    """Cents."""
    unit: int
    """Cents: the place of the last digit printed."""


def figures(sentence: str) -> list[Figure]:
    """The sums and changes of a sentence, in order, at most MOST_FIGURES of each; ranges as one."""
    money = list(islice(_money(sentence), MOST_FIGURES))
    money += [part for f in money for part in _part_of(sentence, f)]
    taken = [(f.start, f.end) for f in money]
    changes = [f for f in islice(_changes(sentence), MOST_FIGURES) if all(f.end <= a or f.start >= b for a, b in taken)]
    found = sorted([*money, *changes], key=lambda f: f.start)
    return [_compared(sentence, f) for f in found]


# Money -------------------------------------------------------------------------------------------------------------


def _money(sentence: str) -> Iterator[Figure]:
    at = 0
    while (m := _MONEY.search(sentence, at)) is not None:
        span = _RANGE.search(sentence, max(at, m.start() - 40))
        if span and span.start() <= m.start() < span.end() and (ranged := _range(sentence, span)):
            yield ranged
            at = span.end()
            continue
        at = m.end()
        one = _read(sentence, m)
        if one and 0 < one.value <= LARGEST * 100:
            plus = bool(m["plus"] or m["plus2"])
            comparator: Comparator = "at_least" if plus else "exact"
            yield Figure(m.start(), m.end(), "money", one.value, one.unit, comparator=comparator)


def _read(sentence: str, m: re.Match[str]) -> _Sum | None:
    if m["amount"]:
        return _sum(str(spelled.amount(m["amount"])), "")
    scale = (m["scale"] or m["wscale"] or m["bscale"] or "").lower()
    said = m["words"]
    if said is None:
        digits = m["number"] or m["bare"]
        if not scale and m["number"]:
            scale = _shared_scale(sentence, m)
        return _sum(digits, scale)
    spoken = " ".join(said.lower().split())
    if not scale and (spoken in ("a", "one") or "half" in spoken or "quarter" in spoken):
        return None  # "a dollars" is no amount
    digits = {"half a": "0.5", "a half": "0.5", "half": "0.5", "a": "1"}.get(spoken)
    if digits is None and "quarter" in spoken:
        digits = "0.75" if spoken.startswith("three") else "0.25"
    if digits is None:
        digits = said if said[0].isdigit() else str(spelled.number(spoken))
    return _sum(digits, scale)


def _shared_scale(sentence: str, m: re.Match[str]) -> str:
    """ "$2.1 and $1.4 million": the scale of the last figure of a list belongs to the short ones before it."""
    if "," in m["number"] or float(m["number"].replace(".", "", m["number"].count(".") - 1)) >= 1000:
        return ""
    following = re.match(
        rf"(?i)(?:,\s(?:and\s)?|\sand\s){_SIGN}\s?[0-9.]+(?:(?:,\s(?:and\s)?"
        rf"|\sand\s){_SIGN}\s?[0-9.]+)*\s?({_SCALE})\b",
        sentence[m.end() : m.end() + 120],
    )
    return following[1].lower() if following else ""


def _sum(digits: str, scale: str) -> _Sum | None:
    factor = SCALES[scale] if scale else 1
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}", digits):  # 3.310.000
        digits = digits.replace(".", "")
    elif re.fullmatch(r"[0-9]{1,3},[0-9]{1,2}|[0-9]{1,12},[0-9]{1,2}", digits):  # 3,31 million
        if not scale:
            return None
        digits = digits.replace(",", ".")
    number = Decimal(digits.replace(",", ""))
    value = int(number * factor * 100)
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if factor > 1:
        return _Sum(value, max(int(Decimal(factor) * 100 / 10**decimals), 1))
    return _Sum(value, min(_last_place(value), FINEST_USUAL * 100)) if value else None


def _last_place(cents: int) -> int:
    place = 1
    while cents % (place * 10) == 0:
        place *= 10
    return place


def _range(sentence: str, m: re.Match[str]) -> Figure | None:
    between = m["b1"] is not None
    low_digits, low_scale = (m["b1"], m["bs1"]) if between else (m["r1"], m["rs1"])
    high_digits, high_scale = (m["b2"], m["bs2"]) if between else (m["r2"], m["rs2"])
    low_scale = low_scale or (high_scale if "," not in low_digits else None)
    low, high = _sum(low_digits, (low_scale or "").lower()), _sum(high_digits, (high_scale or "").lower())
    if low is None or high is None or not 0 < low.value < high.value <= LARGEST * 100:
        return None
    head = sentence[: m.start()]
    if not between and head.rstrip().endswith("(") and _TELLS_OF_CHANGE.search(sentence):
        return None  # "sharp jumps ... ($6.1 million to $9.8 million)"
    if (
        not between
        and not m["from"]
        and (_RISES.search(head) or re.search(r"(?i)\b(?:from|by)\s(?:\w+\s){0,3}$", head))
    ):
        return None  # "rose $3 million to $4 million", "from $3 million to $4 million"
    if not between and not m["from"] and re.match(r"(?i)\sto\s", sentence[m.end("rs1") if m["rs1"] else m.end("r1") :]):
        tail = sentence[m.end("rs1") if m["rs1"] else m.end("r1") :]
        if re.match(r"(?i)\sto\s(?!\W?[\d$U])", tail):
            return None
    return Figure(
        m.start(), m.end(), "money", low.value, max(low.unit, high.unit), high=high.value, comparator="between"
    )


_TELLS_OF_CHANGE = re.compile(
    r"(?i)\b(?:jump\w*|increas\w*|ris(?:e|es|ing)|rose|gain\w*|grew|growth|surge\w*|climb\w*|drop\w*|declin\w*"
    r"|decreas\w*|fall\w*|fell|cut\w*|up|down|changes?|more|less|boost\w*|went)\b"
)
_RISES = re.compile(
    r"(?i)\b(?:r[io]se|risen|rising|f[ae]ll|fallen|increas\w+|decreas\w+|dropp?\w*|climb\w*|jump\w*|gr[eo]w\w*|up"
    r"|down|cut|soar\w*|surg\w+|slip\w*|declin\w+)"
    r"(?:\s(?:its|their|the)\s(?:\w+\s){1,4}|\s(?:by|another|some|about|nearly|over))?\s*$"
)


# Changes -----------------------------------------------------------------------------------------------------------

_PART_OF_IT = "|".join(
    sorted(
        ["half", "a third", "two-thirds", "two thirds", "a quarter", "three-quarters", "a fifth", "a tenth"],
        key=len,
        reverse=True,
    )
)


def _part_of(sentence: str, figure: Figure) -> Iterator[Figure]:
    """ "$8 million, a quarter of it in the last three months": the part is a sum too."""
    m = re.match(
        rf"(?i)[^.;$]{{0,60}}?,\s(?:and\s|with\s)?(?P<part>{_PART_OF_IT})(?=\sof\s(?:it|that|this)\b)",
        sentence[figure.end :],
    )
    if m and figure.high is None:
        value = round(int(figure.value) * _PARTS_OF_ONE[m["part"].lower()])
        start, end = figure.end + m.start("part"), figure.end + m.end("part")
        yield Figure(start, end, "money", value, max(value // 10, 1), comparator="about")


_PERCENT = re.compile(
    rf"(?i)(?<![\w.,])(?P<number>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,5}}(?:\.[0-9]{{1,4}})?"
    rf"|{spelled.SPELLED}(?=\sper\s?cent))(?P<open>\s?(?:-|–"
    r"|to)\s?[0-9]{1,4}(?:\.[0-9]+)?)?"
    r"(?:\s?%|\s?-?percent\b|\sper\scent\b|\s?pct\b)(?!\s?points?\b|age)"
)
_PARTS_OF_ONE = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "one-half": 0.5, "a third": 1 / 3, "one third": 1 / 3,
    "one-third": 1 / 3, "two thirds": 2 / 3, "two-thirds": 2 / 3, "a quarter": 0.25, "one quarter": 0.25,
    "one-quarter": 0.25, "a fourth": 0.25, "three quarters": 0.75, "three-quarters": 0.75, "a fifth": 0.2,
    "one-fifth": 0.2, "a tenth": 0.1,
}  # fmt: skip
_BY_PART = re.compile(
    r"(?i)\bby\s(?:about\s|almost\s|nearly\s|roughly\s|around\s|over\s|more\sthan\s"
    rf"|at\sleast\s)?(?P<part>{'|'.join(sorted(_PARTS_OF_ONE, key=len, reverse=True))})\b(?!\s(?:million|billion"
    r"|thousand|a\b|of\sa\b))"
)
_A_PART = re.compile(
    rf"(?i)(?<![\w-])(?P<part>{'|'.join(sorted(_PARTS_OF_ONE, key=len, reverse=True))})\s(?:again\s)?(?P<way>more|less"
    r"|higher|lower|above|below|fewer)\b"
)
_TIMES = {"twice": 2.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0, "thrice": 3.0, "half": 0.5}
_SPOKEN_TIMES = {w: float(n) for w, n in _COUNT_WORDS.items() if n > 1}
_MULTIPLIED = re.compile(
    rf"""(?xi)\b(?:
      (?P<verb>doubl(?:ed|ing)|tripl(?:ed|ing)|trebl(?:ed|ing)|quadrupl(?:ed|ing)|quintupl(?:ed|ing)|halv(?:ed|ing))
    | (?P<fold>[0-9]{{1,3}}|{"|".join(_SPOKEN_TIMES)})[\s-]?fold
    | (?P<times>(?:[0-9]{{1,3}}(?:\.[0-9]+)?|{spelled.SPELLED})\stimes)\s
        (?=(?:as\smuch|as\smany|as\slarge|as\sbig|what\s(?!(?:[\w.&-]+\s){{1,3}}(?:paid|spent|laid|put)\b)|what\s(?:it|they|he|she|we)\b|the\s(?:[a-z-]+\s)?(?:amount|sum|figure|total|level|size)|the\s\$|that\sof|its|last|more|higher|larger))
    | (?P<as>twice|thrice|half)\s
        (?:as\smuch\b|the\s(?:(?:amount|sum|figure|total|level)|(?=\$|[0-9]))|what\b|its\b|that\sof\b|last\syear)
    | (?P<adj>double|triple|quadruple|treble)\s(?=(?:the|its|that|last|their|as|what\s(?:it|they|was))\b)
    | (?:(?<=\sto\s)|(?<=uld\s)|(?<=ght\s)|(?<=ill\s)|(?<=more\sthan\s))(?P<future>double|triple|quadruple|treble)\b
    )"""
)
_VERBS = {"doubl": 1.0, "tripl": 2.0, "trebl": 2.0, "quadrupl": 3.0, "quintupl": 4.0, "halv": -0.5}


def _changes(sentence: str) -> Iterator[Figure]:
    last = 0
    for m in _PERCENT.finditer(sentence):
        if re.match(r"(?i)\s?of\b(?!\s(?:growth|an?\sincrease))", sentence[m.end() :]) or m["open"]:
            continue  # a share
        number = m["number"].replace(",", "")
        number = number if number[0].isdigit() else str(spelled.number(number))
        decimals = len(number.partition(".")[2])
        sign = direction(sentence, m.start(), m.end())
        if (
            sign == 0
            and last
            and re.search(r"(?:[’']s?,?|,|and|by)\s(?:by\s)?(?:about|nearly|almost|over)?\s?$", sentence[: m.start()])
        ):
            sign = last  # "IBM's rose 90 percent, to $1.9 million; Oracle's, 13 percent"
        last = sign or last
        if sign:
            yield Figure(m.start(), m.end(), "fraction", round(sign * float(number) / 100, 6), 10.0 ** -(decimals + 2))
    for m in _BY_PART.finditer(sentence):
        if sign := direction(sentence, m.start(), m.end()):
            part = _PARTS_OF_ONE[m["part"].lower()]
            yield Figure(m.start("part"), m.end(), "fraction", round(sign * part, 6), round(part / 10, 6))
    for m in _A_PART.finditer(sentence):
        part = _PARTS_OF_ONE[m["part"].lower()]
        sign = -1 if m["way"].lower() in ("less", "lower", "below", "fewer") else 1
        yield Figure(m.start("part"), m.end(), "fraction", round(sign * part, 6), round(part / 10, 6))
    for m in _MULTIPLIED.finditer(sentence):
        value, precision = _multiple(sentence, m)
        end = m.start() + len(m.group().rstrip())
        yield Figure(m.start(), end, "fraction", round(value, 6), precision)


def _multiple(sentence: str, m: re.Match[str]) -> tuple[float, float]:
    if m["verb"]:
        return next(v for stem, v in _VERBS.items() if m["verb"].lower().startswith(stem)), 0.1
    if m["fold"] or m["times"]:
        said = (m["fold"] or m["times"][: -len(" times")]).lower()
        times = float(said) if said[0].isdigit() else float(spelled.number(said))
        decimals = len(said.partition(".")[2]) if said[0].isdigit() else 0
        return times - 1, 10.0**-decimals if decimals else 0.1 * max(1.0, times / 2)
    return _TIMES[(m["as"] or m["adj"] or m["future"]).lower()] - 1, 0.1


def direction(sentence: str, start: int, end: int) -> int:
    """1 where the words nearest to a percentage tell of a rise, -1 of a fall, 0 where they tell of neither."""
    before, after = sentence[max(0, start - 60) : start], sentence[end : end + 30]
    before = re.split(r"[;.](?=\s)", before)[-1]
    after = re.split(r"[;.](?=\s)", after)[0]
    best: tuple[int, int] | None = None
    for sign, key in ((1, "up"), (-1, "down")):
        pattern = re.compile(rf"(?i)(?<![\w$])(?:{spaced(words()['change'][key])})(?!\w)")
        for m in pattern.finditer(after):
            if best is None or m.start() < best[0]:
                best = m.start(), sign
        for m in pattern.finditer(before):
            distance = len(before) - m.end()
            if re.match(r"(?i)\s(?:than|least)\s", before[m.end() :]) and distance < 7:
                continue  # "more than 80 percent" tells of no direction
            if best is None or distance < best[0]:
                best = distance, sign
    return best[1] if best else 0


# What stands beside a figure ---------------------------------------------------------------------------------------

_FILLER = (
    r"(?:\s(?:a|an|of|just|a\stotal\sof|total|combined|record|whopping|staggering|additional|another|estimated"
    r"|reported|hefty|nice"
    r"|cool|mere|further|whole|full|eye-popping|massive|modest|collective|grand\stotal\sof|the\sequivalent\sof|US"
    r"|in\stotal))*"
)


def _compared(sentence: str, figure: Figure) -> Figure:
    after = sentence[figure.end : figure.end + 24]
    before = sentence[max(0, figure.start - 60) : figure.start]
    comparator, at = before_figure(before)
    if comparator == "exact" and figure.comparator == "exact":
        for name, entries in words()["comparators_after"].items():
            if m := re.match(rf"(?i)[\s-]?(?:{spaced(entries)})\b", after):
                return replace(figure, comparator=name, said_to=figure.end + m.end())
        return figure
    if figure.comparator != "exact" or comparator == "exact":
        return figure
    if (
        comparator == "at_most"
        and re.search(r"(?i)\bup\sto\s*$", before)
        and re.match(r"(?i)\sfrom\s\W*(?:\w+\s){0,2}\$", after)
    ):
        return figure  # "up to $2.7 million from $2.1 million"
    return replace(figure, comparator=comparator, said_from=figure.start - len(before) + at)


def before_figure(text: str) -> tuple[Comparator, int]:
    """The comparator that ends a text, and where it begins; `exact` and the end where there is none."""
    best: tuple[int, Comparator] | None = None
    for name, entries in words()["comparators"].items():
        for m in re.finditer(rf"(?i)(?<![\w$])(?:{spaced(entries)}){_FILLER}\s*$", text):
            if best is None or m.start() < best[0]:  # "no more than", not the "more than" inside it
                best = m.start(), name
    if best is None or _is_comparison(text[: best[0]], text[best[0] :]):
        return "exact", len(text)
    return best[1], best[0]


def _is_comparison(before: str, phrase: str) -> bool:
    """ "20 percent more than $3 million", "$400,000 less than": two sums are compared, nothing is said of exactness."""
    if not re.match(r"(?i)(?:more|less|fewer|greater|higher|over|above|below|under|past)\b", phrase):
        return False
    return bool(
        re.search(
            r"(?i)(?:%|\bpercent|\bper cent|\btimes|\bmillion|\bbillion|[0-9],[0-9]{3}|\bmuch|\bfar|\bis|\bwas)\s*$",
            before,
        )
    ) and not re.search(r"(?i)\b(?:is|was)\s*$", before)
