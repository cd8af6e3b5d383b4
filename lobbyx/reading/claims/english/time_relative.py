"""The rules of the grammar of time that reckon from another time: "a year earlier", "the following quarter", "then"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from lobbyx.model.period import Window, months_from, quarter_before, year_span
from lobbyx.reading.claims.english.time_points import (
    COUNT,
    DAY,
    MONTH,
    ORDINALS,
    POINT,
    SAME,
    YEAR,
    YEAR_NUMBER,
    Known,
    Meant,
    Rule,
    months_of,
    number,
    point,
    rule,
    year_of,
)
from lobbyx.reading.claims.mentions import Shift

_HAS = re.compile(r"(?i)\b(?:had|has|have|[’']d|already|so far|this year|was|were|came|stood|totaled|spent)\b")


def _same(m: re.Match[str], known: Known) -> Meant | None:
    words, of = m["same"].lower(), m["of"]
    if of:
        year, needs, _ = year_of(of, known)
        if re.search(r"(?i)previous|prior|preceding|earlier|ago|before|last", of):
            relative = Shift(years=-1)
        elif year is not None:
            relative = Shift(year=year)
        else:
            return Meant(Window(), needs, "relative")
    else:
        relative = Shift()
        if words.endswith("year"):
            return None
        if words.endswith("years") and not (known.anchor and known.anchor.days[1].year > known.anchor.days[0].year):
            return None  # "over the same years": each sum has its own
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and relative.year is not None:
        window = year_span(relative.year)
    return Meant(window or Window(), window is None and known.published is None, "relative", relative)


def _same_in(m: re.Match[str], known: Known) -> Meant | None:
    """ "$720,000 in this year's first quarter, $510,000 in last year's"."""
    year, needs, _ = year_of(m["of"] or m["of2"], known)
    if year is None:
        return Meant(Window(), needs, "relative")
    relative = Shift(year=year)
    window = relative.of(known.anchor) if known.anchor else None
    return Meant(window or year_span(year), shape="relative", shift=relative)


def _years_back(m: re.Match[str], known: Known) -> Meant | None:
    by = number(m["n"]) if m["n"] else 1
    relative = Shift(years=-by)
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and by > 1 and known.published:
        window = year_span(known.published.year - by)
    return Meant(window or Window(), window is None and known.published is None, "relative", relative)


def _quarter_back(m: re.Match[str], known: Known) -> Meant | None:
    relative = Shift(quarters=-1)
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and known.published:
        window = quarter_before(known.published)
    return Meant(window or Window(), window is None, "relative", relative)


def _one_before(m: re.Match[str], known: Known) -> Meant | None:
    """ "the one before": the period before, as long as the one it is told of."""
    if known.anchor is None or known.anchor.start is None or known.anchor.end is None:
        return None
    quarter = (known.anchor.end - known.anchor.start).days < 100
    relative = Shift(quarters=-1) if quarter else Shift(years=-1)
    return Meant(relative.of(known.anchor) or Window(), shape="relative", shift=relative)


def _ordinal_alone(m: re.Match[str], known: Known) -> Meant | None:
    """ "in the second": the quarter, where another quarter stands before it."""
    if known.anchor is None or known.anchor.start is None or known.anchor.end is None:
        return None
    quarters = 80 < (known.anchor.end - known.anchor.start).days < 100
    quarter = ORDINALS[(m["ord"] or m["ord2"] or m["ord3"]).lower()]
    if re.search(r"(?i)\bfirst (?:two|three) quarters\b", m.string[: m.start()]):
        return Meant(
            months_of(known.anchor.end.year, 3 * quarter - 2, 3 * quarter)
        )  # "the first two quarters, the third"
    if not quarters and not (m["ord3"] and known.anchor == year_span(known.anchor.end.year)):
        return None
    relative = Shift(quarter=quarter)
    window = relative.of(known.anchor)
    if known.published and window and window.start and window.start > known.published:
        relative = Shift(quarter=quarter, years=-1)
    return Meant(relative.of(known.anchor) or Window(), shape="relative", shift=relative)


def _ordinal_left_out(m: re.Match[str], known: Known) -> Meant | None:
    """ "in the last", "of last year's second", "over the first two", told after a quarter."""
    anchor = known.anchor
    if anchor is None or anchor.start is None or anchor.end is None or not 80 < (anchor.end - anchor.start).days < 100:
        return None
    if m["last"]:
        relative = Shift(quarters=-1)
        return Meant(relative.of(anchor) or Window(), shape="relative", shift=relative)
    if m["many"]:
        return Meant(months_of(anchor.end.year, 1, 6 if m["many"].lower().endswith("two") else 9))
    year, needs, _ = year_of(m["yr"], known)
    if year is None:
        return Meant(Window(), needs)
    quarter = ORDINALS[m["ord"].lower()]
    return Meant(months_of(year, 3 * quarter - 2, 3 * quarter))


def _ordinal_of(m: re.Match[str], known: Known) -> Meant | None:
    """ "a quarter as expensive as the fourth of 2025"."""
    if "quarter" not in m.string[: m.start()].lower():
        return None
    quarter = ORDINALS[m["ord"].lower()]
    year, needs, _ = year_of(m["year"], known)
    return Meant(months_of(year, 3 * quarter - 2, 3 * quarter)) if year else Meant(Window(), needs)


def _stretch_before(m: re.Match[str], known: Known) -> Meant | None:
    """ "the two years before that", "the five previous years": as long a stretch that ends where the other begins."""
    said = point(m["at"], known) if m["at"] else None
    to = said.window if said else known.anchor
    count = number(m["n2"] or m["n3"] or m["n4"] or m["n"] or "one")
    unit = (m["unit"] or m["unit3"] or m["unit4"] or "year").lower()
    months = count * {"q": 3, "d": 120, "m": 1}.get(unit[0], 12)
    if months == 12 and to and to.end and to.start and (to.end - to.start).days < 300:
        return Meant(year_span(to.end.year - 1), shape="range")
    if to is None or to.start is None:
        if known.published is None or m["n"] is not None:
            return None
        last = quarter_before(known.published).end if months < 12 else date(known.published.year - 1, 12, 31)
        return Meant(months_from(last, back=months - 1, months=months), shape="past") if last else None
    return Meant(months_from(to.start, back=months, months=months), shape="range")


def _shifted(known: Known, shift: Shift) -> Meant | None:
    """The time before it, moved; nothing where it would lie after the day of publication."""
    window = shift.of(known.anchor) if known.anchor else None
    if window is None or (known.published and window.start and window.start > known.published):
        return None
    return Meant(window, shape="relative", shift=shift)


def _years_on(m: re.Match[str], known: Known) -> Meant | None:
    count = number(m["n"]) if m["n"] else 1
    return _shifted(known, Shift(years=count * (10 if m["decade"] else 1)))


def _next(m: re.Match[str], known: Known) -> Meant | None:
    """ "in the next": the period after, as long as the one it is told of; "the next quarter" only after a quarter."""
    if known.anchor is None or known.anchor.start is None or known.anchor.end is None:
        return None
    quarter = (known.anchor.end - known.anchor.start).days < 100
    if m["unit"] and not quarter:
        return None
    return _shifted(known, Shift(quarters=1) if quarter else Shift(years=1))


def _decades_back(m: re.Match[str], known: Known) -> Meant | None:
    by = 10 * (number(m["n"]) if m["n"] else 1)
    relative = Shift(years=-by)
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and known.published:
        window = year_span(known.published.year - by)
    return Meant(window or Window(), window is None, "relative", relative)


def _quarters_back(m: re.Match[str], known: Known) -> Meant | None:
    return _shifted(known, Shift(quarters=-number(m["n"])))


def _then(m: re.Match[str], known: Known) -> Meant | None:
    """ "from $31.7 million then": the year since which it grew, or the time that stands before it."""
    anchor = known.anchor
    if anchor is None or anchor.start is None or anchor.end is None:
        return None
    open_ended = anchor.end == known.published and (anchor.end - anchor.start).days > 366
    return Meant(year_span(anchor.start.year) if open_ended else anchor, shape="point")


def _year_over(m: re.Match[str], known: Known) -> Meant | None:
    if known.published is None:
        return Meant(Window(), True)
    return Meant(year_span(known.published.year - 1), shape="year")


def _this_half(m: re.Match[str], known: Known) -> Meant | None:
    """ "$7.1 million for the half": the one in which the time before it ends."""
    end = known.anchor.end if known.anchor else None
    if end is None:
        return None
    return Meant(months_of(end.year, 1, 6) if end.month <= 6 else months_of(end.year, 7, 12))


def _closing(m: re.Match[str], known: Known) -> Meant | None:
    """ "the final three months", told after a whole year."""
    year = known.anchor.end.year if known.anchor and known.anchor.end else None
    if year is None or known.anchor != year_span(year):
        return None
    return Meant(months_of(year, max(1, 13 - number(m["n"])), 12))


def _no_time(m: re.Match[str], known: Known) -> Meant | None:
    """ "up 185 percent on the year": a comparison, no period of its own."""
    return None


def _by_day(m: re.Match[str], known: Known) -> Meant | None:
    """ "By Sept. 30 it had spent ...": from the first day of that year, at the end of a month."""
    to = point(m["at"], known)
    if to is None or to.window.end is None or to.window.start is None:
        return None
    month_ends = (to.window.end + timedelta(days=1)).day == 1
    if not month_ends or (to.window.end - to.window.start).days > 40 or not _HAS.search(m.string):
        return to
    if known.published and to.window.end > known.published:
        return to
    return Meant(Window(date(to.window.end.year, 1, 1), to.window.end), to.needs, "through")


def _year_through(m: re.Match[str], known: Known) -> Meant | None:
    """ "last year through September"."""
    year, needs, _ = year_of(m["year"], known)
    if year is None:
        return Meant(Window(), needs)
    to = point(m["at"], Known(known.published, known.anchor, year))
    if to is None or to.window.end is None or to.window.end.year != year:
        return None
    return Meant(Window(date(year, 1, 1), to.window.end), shape="through")


RELATIVE: tuple[Rule, ...] = (
    rule(
        "stretch before",
        rf"(?:in |over |during |for )?(?:the (?P<n>{COUNT}|)\s?(?P<unit>years?|quarters?|months) (?:before|preceding"
        rf"|prior to) that|the (?:preceding|previous|prior) (?P<n2>{COUNT}) years"
        rf"|the (?P<n3>{COUNT}) (?:preceding|previous|prior|earlier) (?P<unit3>years|quarters)"
        rf"|the (?P<n4>{COUNT}) (?P<unit4>years|quarters|decades|months) (?:before|preceding|prior to)"
        rf" (?P<at>{POINT}))",
        _stretch_before,
    ),
    rule(
        "years on",
        r"(?:in |for |during )?the (?P<n>)(?P<decade>)(?:following|next|subsequent|succeeding) (?:calendar )?year"
        r"|the year (?:after|that followed|following)(?=[,.;:)]|$| (?:that|it|to|and)\b)",
        _years_on,
    ),
    rule("years on", rf"(?:(?P<n>{COUNT}|a) years?|(?P<decade>a decade)) (?:later|on(?=[,.;]|$))", _years_on),
    rule(
        "next",
        r"(?:in |for |during )?the (?:following|next|subsequent|succeeding) (?P<unit>quarter|three months)"
        r"|the (?P<u2>quarter) (?:after|that followed|following)(?=[,.;:)]|$| (?:that|it|to|and)\b)"
        r"|(?:a|one) (?P<u3>quarter) later|(?:in|for|during) the next(?=[,.;:)]|$| and\b)",
        _next,
    ),
    rule(
        "decades back",
        rf"(?:(?:a|one|the) decade|(?P<n>{COUNT}) decades) (?:earlier|ago|before|prior|previously)(?! that\b)",
        _decades_back,
    ),
    rule("quarters back", rf"(?P<n>{COUNT}) quarters (?:earlier|ago|before|prior|previously)", _quarters_back),
    rule("then", r"then(?= (?:at|with|spending|paying) )", _then),
    rule("then", r"(?:(?<=million )|(?<=billion )|(?<=[0-9] ))then(?= (?:to|and|by|but)\b|[,;.)])", _then),
    rule(
        "year over", r"(?:in |for |during )?the year (?:just|that (?:has )?just) (?:ended|over|past|closed)", _year_over
    ),
    rule("on the year", r"(?:on|over) the year(?=[,.;]|$)|year[- ](?:on|over)[- ]year", _no_time),
    rule("half", r"(?:for|in|during|over) the half(?=[,.;)]|$)", _this_half),
    rule(
        "ordinal",
        r"(?:in|for|during|from|of|than|over) (?:the (?P<last>last|previous|prior)|(?P<yr>last year|this year)[’']s"
        r" (?P<ord>first|second|third|fourth)|(?:the )?(?P<many>first two|first three))(?=[,.;:)]|$| and\b)",
        _ordinal_left_out,
    ),
    rule("closing months", rf"(?:in |over |during )?the (?:final|closing) (?P<n>{COUNT}) months(?! of\b)", _closing),
    rule("by day", rf"(?:by|as of|at|up to) (?P<at>{DAY}|{MONTH}(?: (?:of )?{YEAR})?)", _by_day),
    rule(
        "year through",
        rf"(?:in )?(?P<year>{YEAR_NUMBER}|(?:last|this|that) year),? (?:through|until|till|up to|to|by)"
        rf" (?:the end of )?(?P<at>{DAY}|{MONTH}|the (?:first|second|third) quarter)",
        _year_through,
    ),
    rule(
        "same",
        rf"(?:(?:in|during|over|for|at|from) )?(?P<same>{SAME})(?: (?:in |of |from |during |the "
        rf"|a )?(?P<of>{YEAR}))?",
        _same,
    ),
    rule(
        "year ago",
        r"(?:in |for |during )?the (?P<n>)(?:year-ago|year-earlier|year-before|prior-year|previous-year"
        r"|preceding-year|last-year) (?:period|quarter|half|months|figure|total|three months|stretch)",
        _years_back,
    ),
    rule(
        "years back",
        r"(?:(?P<n>)(?:a|one|the) year (?:earlier|ago|before|prior|previously)|(?P<n2>)one year (?:earlier|ago"
        r"|before|prior))",
        _years_back,
    ),
    rule("years back", rf"(?P<n>{COUNT}) years (?:earlier|ago|before|prior|previously)", _years_back),
    rule("years back", r"(?P<n>)(?:the|in the) (?:previous|prior|preceding) (?:calendar )?year", _years_back),
    rule(
        "quarter back",
        r"(?:the|its|in the) (?:previous|prior|preceding|immediately preceding) (?:quarter|three months"
        r"|three-month period|period)|the quarter (?:before|prior|previous|earlier)|(?:a|one) quarter (?:earlier|ago"
        r"|before|prior)|the three months (?:before|prior)",
        _quarter_back,
    ),
    rule(
        "same in",
        rf"(?:in|for|during|over) (?:those|that|the ones?) of (?P<of2>last year|{YEAR_NUMBER})"
        rf"|(?:in|for|during|of) (?P<of>last year|the previous year|the prior year|{YEAR_NUMBER})[’']s(?=[,.;)]|$)",
        _same_in,
    ),
    rule("quarter back", r"three months (?:before|earlier|ago|prior|previously)", _quarter_back),
    rule("one before", r"(?:in |during )?the (?:one before|(?:previous|prior|preceding) one)", _one_before),
    rule(
        "ordinal",
        r"(?:in|for|during|from|of|to|than|against|with|over|above|below|and) (?:the|its)"
        r" (?P<ord>first|second|third|fourth)"
        r"(?=[,.;:)]|$| \(\$| (?:and|to|but|when|after|of these|from)\b)"
        r"|(?:(?:and|but|while|then)(?: in)? the|the(?! first)) (?P<ord2>first|second|third|fourth),?"
        r"(?= \$| (?:about|nearly|only|just|some|almost|over|more than) \$)"
        r"|(?P<ord3>first|second|third|fourth)(?=:)",
        _ordinal_alone,
    ),
    rule(
        "ordinal of",
        rf"(?:in |for |during )?the (?P<ord>first|second|third|fourth|last|final)(?: one)?"
        rf" of (?P<year>(?:this|last) year|{YEAR_NUMBER})",
        _ordinal_of,
    ),
)
"""The rules that `time_rules.py` tries with its own."""
