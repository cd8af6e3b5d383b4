"""The rules of the grammar of time: ranges, "since", "through", relative and rolling expressions, out of points."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from lobbyx.model.period import Window, month_span, months_from, quarter_before, year_span
from lobbyx.reading.claims.english.time_points import (
    COUNT,
    EDGE,
    OF,
    PART,
    POINT,
    TO,
    YEAR,
    YEAR_NUMBER,
    Known,
    Meant,
    Rule,
    months_of,
    number,
    point,
    rule,
)
from lobbyx.reading.claims.english.time_relative import RELATIVE
from lobbyx.reading.claims.mentions import Shift


def _range(m: re.Match[str], known: Known) -> Meant | None:
    second = point(m["b"], known)
    if second is None:
        return None
    year = second.window.end.year if second.window.end else None
    first = point(m["a"], replace(known, year_beside=year))
    if first is None:
        return None
    a, b = first.window, second.window
    if a.start and b.end and a.start > b.end:
        if not first.yearless:
            return None
        a = Window(
            a.start.replace(year=a.start.year - 1, day=min(a.start.day, 28)), None
        )  # "from November to February"
    ends = (a, b) if a.end and b.start else None
    return Meant(Window(a.start, b.end), first.needs or second.needs, "range", ends=ends)


def _years(m: re.Match[str], known: Known) -> Meant | None:
    first, said = int(m["y1"]), m["y2"]
    last = int(said) if len(said) == 4 else first // 100 * 100 + int(said)
    return Meant(Window(date(first, 1, 1), date(last, 12, 31)), shape="range") if first < last <= 2049 else None


def _since(m: re.Match[str], known: Known) -> Meant | None:
    at = point(m["at"], known)
    if at is None:
        return None
    start = at.window.start
    anchor = known.anchor
    if re.search(r"(?i)that year$", m["at"]) and anchor and anchor.start and anchor.end == known.published:
        start = date(anchor.start.year, 1, 1)  # "since 2020 ...; since that year"
    if m["edge"] and re.search(r"(?i)\bend|close", m["edge"]) and at.window.end:
        start = months_from(at.window.end, back=-1, months=1).start
    if known.published and start and start > known.published:
        return None
    ends = (at.window, Window()) if at.window != Window() else None
    return Meant(Window(start, known.published), at.needs or known.published is None, "since", ends=ends)


def _since_then(m: re.Match[str], known: Known) -> Meant | None:
    if known.anchor is None or known.anchor.start is None or (known.published and known.anchor.start > known.published):
        return None
    return Meant(Window(known.anchor.start, known.published), known.published is None, "since")


def _through(m: re.Match[str], known: Known) -> Meant | None:
    """ "through September 2025" begins with its year; "through 2024" is all up to then."""
    to = point(m["at"], known)
    if to is None or to.window.end is None:
        return to
    whole_year = to.window.start and (to.window.end - to.window.start).days > 300
    if whole_year and m.group().lower().startswith("by "):
        return to  # "by the end of 2020": in that year
    start = None if whole_year else date(to.window.end.year, 1, 1)
    return Meant(Window(start, to.window.end), to.needs, "through")


def _before(m: re.Match[str], known: Known) -> Meant | None:
    to = point(m["at"], known)
    if to is None or to.window.start is None or to.shape in ("day", "relative"):
        return None
    return Meant(Window(None, date.fromordinal(to.window.start.toordinal() - 1)), to.needs, "through")


def _mid_year(m: re.Match[str], known: Known) -> Meant | None:
    if m["year"] and (said := re.findall(YEAR_NUMBER, m["year"])):
        return Meant(months_of(int(said[-1]), 1, 6))
    if known.published is None:
        return Meant(Window(), True)
    earlier = known.published.month < 6 or (m["year"] or "").lower().startswith("last")
    return Meant(months_of(known.published.year - earlier, 1, 6))


def _congress(m: re.Match[str], known: Known) -> Meant | None:
    """ "in the 109th Congress": its two years."""
    first = 1787 + 2 * int(m["n"])
    return Meant(Window(date(first, 1, 1), date(first + 1, 12, 31)), shape="range") if 1995 <= first <= 2049 else None


def _cycle(m: re.Match[str], known: Known) -> Meant | None:
    """ "the 2014 election cycle": the two years that end with an election."""
    year = int(m["year"])
    last = year + year % 2
    window = Window(date(last - 1, 1, 1), date(last, 12, 31))
    if m["since"]:
        return Meant(Window(window.start, known.published), known.published is None, "since")
    return Meant(window, shape="range")


def _those(m: re.Match[str], known: Known) -> Meant | None:
    """ "in those three months": the period in mind, where it is as long."""
    if known.anchor is None or known.anchor.start is None or known.anchor.end is None:
        return None
    months = (
        1 + (known.anchor.end.year - known.anchor.start.year) * 12 + known.anchor.end.month - known.anchor.start.month
    )
    count = number(m["n"]) if m["n"] else None
    unit = {"month": 1, "quarter": 3, "year": 12}[m["unit"].lower().rstrip("s")]
    if count is not None and months != count * unit:
        return None
    return Meant(known.anchor, shape="relative", shift=Shift())


def _latest_quarter(m: re.Match[str], known: Known) -> Meant | None:
    if known.published is None:
        return Meant(Window(), True)
    latest = quarter_before(known.published)
    if m.group().lower().endswith("last quarter") and re.search(r"(?i)\bthis quarter\b", m.string):
        assert latest.start is not None
        return Meant(
            quarter_before(latest.start)
        )  # "$9.5 million this quarter, as opposed to last quarter's $25 million"
    return Meant(latest)


def _this_quarter(m: re.Match[str], known: Known) -> Meant | None:
    contrasted = re.search(r"(?i)\blast quarter\b", m.string) is not None
    anchor = None if contrasted else known.anchor
    if re.search(r"(?i)\bthat (?:\w+ )?(?:period|time|span|stretch)$", m.group()):  # "in that time", of a year as well
        return Meant(anchor, shape="relative", shift=Shift()) if anchor else None
    if anchor and anchor.start and anchor.end and (anchor.end - anchor.start).days < 100:
        return Meant(anchor, shape="relative", shift=Shift())
    if known.published is None:
        return Meant(Window(), True)
    return Meant(quarter_before(known.published), shape="latest")


def _ended(m: re.Match[str], known: Known) -> Meant | None:
    """ "the three months ended June 30", "four quarters through June 2026": whole months up to that day."""
    to = point(m["at"], known)
    if to is None or to.window.end is None:
        return Meant(Window(), True) if to else None
    unit = (m["unit"] or "").lower().rstrip("s").replace("-", " ").strip()
    count = number(m["n"]) if m["n"] else 1
    length = count * {"month": 1, "quarter": 3, "year": 12, "half": 6}.get(unit.split()[0] if unit else "quarter", 3)
    if m["half"]:
        length += length // count // 2
    return Meant(months_from(to.window.end, back=length - 1, months=length), to.needs, "range")


def _past(m: re.Match[str], known: Known) -> Meant | None:
    if known.published is None:
        return Meant(Window(), True, "past")
    unit = m["unit"].lower().rstrip("s")
    count = number(m["n"]) if m["n"] else 1
    year = known.anchor.end.year if known.anchor and known.anchor.end else 0
    if unit == "month" and count < 12 and known.anchor == year_span(max(year, 1)) and year < known.published.year:
        return Meant(
            months_of(year, 13 - count, 12), shape="range"
        )  # "$1.76 million in 2024, $510,000 of it in the last three months"
    if unit == "quarter":
        last = quarter_before(known.published)
        assert last.end is not None
        return Meant(months_from(last.end, back=3 * count - 1, months=3 * count), shape="past")
    months = count * {"year": 12, "decade": 120, "month": 1}[unit]
    first = known.published.year * 12 + known.published.month - 1 - months
    last_day = month_span(first // 12, first % 12 + 1).end
    assert last_day is not None
    start = date(first // 12, first % 12 + 1, min(known.published.day, last_day.day))
    return Meant(Window(start, known.published), shape="past")


def _to_date(m: re.Match[str], known: Known) -> Meant | None:
    if known.published is None:
        return Meant(Window(), True, "to_date")
    said = re.findall(YEAR_NUMBER, m.group())
    if "year" in m.group().lower() or said:
        year = int(said[-1]) if said else known.published.year
        end = known.published if year == known.published.year else date(year, 12, 31)
        return Meant(Window(date(year, 1, 1), end), shape="year_to_date")
    this_year = known.anchor and known.anchor.start and known.anchor.start.year == known.published.year
    if this_year or re.search(r"(?i)\b(?:last|a) year(?:[’']s)? [^.;]{0,30}?\bat this (?:point|time|stage)", m.string):
        return Meant(Window(date(known.published.year, 1, 1), known.published), shape="year_to_date")
    return Meant(Window(None, known.published), shape="to_date")


def _last_month(m: re.Match[str], known: Known) -> Meant | None:
    if known.published is None:
        return Meant(Window(), True)
    year, month = divmod(known.published.year * 12 + known.published.month - 2, 12)
    return Meant(month_span(year, month + 1))


def _plain(m: re.Match[str], known: Known) -> Meant | None:
    return point(m["at"], known)


def _joined_years(m: re.Match[str], known: Known) -> Meant | None:
    """ "in 2024 and 2025 combined"."""
    years = [int(y) for y in re.findall(YEAR_NUMBER, m.group())]
    whole = sorted(years) == list(range(min(years), max(years) + 1))
    return Meant(Window(date(min(years), 1, 1), date(max(years), 12, 31)), shape="range") if whole else None


def _two_points(m: re.Match[str], known: Known) -> Meant | None:
    """ "spent $14.6 million in 2021 and 2022": one sum for both, unless several sums stand before them."""
    before = m.string[: m.start()]
    clause = re.split(r"[;:]", before)[-1]
    sums = len(re.findall(r"\$", clause))
    leads_in = sums == 0 and m.string.rstrip().endswith(":")
    if not (sums == 1 or leads_in) or re.search(r"(?i)\brespectively\b|\beach\b|\bboth\b|\bapiece\b", m.string):
        return None
    second = point(m["b"], known)
    year = second.window.end.year if second and second.window.end else None
    first = point(m["a"], replace(known, year_beside=year))
    if first is None or second is None or first.window.end is None or second.window.start is None:
        return None
    if first.window.end.toordinal() + 1 != second.window.start.toordinal():
        return None
    return Meant(Window(first.window.start, second.window.end), shape="range")


RULES: tuple[Rule, ...] = (
    *RELATIVE,
    rule("range", rf"(?:from|between) {EDGE}(?P<a>{POINT}){TO}{EDGE}(?P<b>{POINT}(?:,? of {YEAR})?)", _range),
    rule("parts", rf"(?P<a>{PART})(?: to | through | until |\s?[-–—]\s?)(?P<b>{PART}(?:{OF}{YEAR})?)", _range),
    rule(
        "years",
        rf"(?:from )?(?P<y1>{YEAR_NUMBER})(?:\s?[-–—]\s?| to | through | until )(?P<y2>{YEAR_NUMBER}|[0-9]{{2}})",
        _years,
    ),
    rule(
        "joined",
        rf"(?:both )?{YEAR_NUMBER}(?:, {YEAR_NUMBER}){{0,3}},? and {YEAR_NUMBER},? \(?(?:combined|together"
        r"|taken together|in total)\)?",
        _joined_years,
    ),
    rule("joined", rf"(?:in|for|during|over|across) (?P<a>{POINT}),? and (?:in )?(?P<b>{POINT})", _two_points),
    rule(
        "joined",
        rf"(?:combined|together) in {YEAR_NUMBER}(?:, {YEAR_NUMBER}){{0,3}},? and {YEAR_NUMBER}"
        rf"|cycle,? (?:of |\()?{YEAR_NUMBER} and {YEAR_NUMBER}\)?",
        _joined_years,
    ),
    rule("since", rf"(?:ever )?since (?P<edge>{EDGE})(?P<at>{POINT})", _since),
    rule(
        "since",
        rf"(?:ever )?since (?!then\b)[^.;,]{{1,80}}? (?:in|of|on|from) (?P<edge>{EDGE})(?P<at>{POINT})",
        _since,
    ),
    rule(
        "since",
        rf"(?:from|starting|beginning)(?: in)? (?P<edge>{EDGE})(?P<at>{POINT}),? (?:on|onward|onwards|forward"
        r"|to date|to the present|to now|until now|till now)",
        _since,
    ),
    rule("since", rf"(?:starting|beginning) (?:in|with) (?P<edge>{EDGE})(?P<at>{POINT})", _since),
    rule("since then", r"(?:ever )?since then|in the (?:years|months|time) since", _since_then),
    rule("through", rf"(?:up )?(?:through|until|till|up to) (?:the end of |at least )?(?P<at>{POINT})", _through),
    rule("through", rf"by (?:the )?(?:end|close) of (?P<at>{POINT})", _through),
    rule("all through", rf"(?:all|right) through (?P<at>{YEAR})", _plain),
    rule("before", rf"(?:before|prior to) (?P<at>{POINT})", _before),
    rule(
        "congress",
        r"(?:in |during |over )?the (?P<n>1[0-9]{2})(?:st|nd|rd|th)(?: (?:u\.s\. )?congress)?(?! (?:floor|birthday))",
        _congress,
    ),
    rule(
        "cycle",
        rf"(?:(?P<since>since|from) |(?:in|during|over|for|of) )?(?:the )?(?:{YEAR_NUMBER}\s?[-–/]\s?)?"
        rf"(?P<year>{YEAR_NUMBER}) (?:election |campaign |political )?cycle(?: on(?:ward)?)?",
        _cycle,
    ),
    rule(
        "those",
        rf"(?:in|over|during|for|across) (?:those|these|the same) (?:(?P<n>{COUNT}) )?(?P<unit>months|quarters|years)",
        _those,
    ),
    rule(
        "mid-year",
        rf"(?:by|through|at|as of|until) (?:mid-?year|(?:mid-?|the middle of )"
        rf"(?P<year>{YEAR_NUMBER}|(?:the|this|last) year))",
        _mid_year,
    ),
    rule(
        "latest quarter",
        r"last quarter|(?:the|its|their|this) (?:latest|most recent|newest|last|past|just-ended"
        r"|most recently completed|recently ended) (?:reporting )?(?:quarter|quarterly period|three-month period)"
        r"|(?:the|its) (?:quarter|three months) just (?:ended|past)|(?:the|its|their) (?:latest|most recent"
        r"|newest) (?:quarterly )?(?:disclosure|filing|report)s?",
        _latest_quarter,
    ),
    rule(
        "that quarter",
        r"(?:(?:for |in |during |over )?(?:the|that|this) (?:quarter|three-month period|period)"
        r"|(?:in|during|over|for) that (?:same )?(?:time|span|stretch|period))(?! (?:before|prior|previous"
        r"|earlier|ended|ending|that|through|one|two|three|four|of|from|[1-4]))",
        _this_quarter,
    ),
    rule(
        "ended",
        rf"(?:the |its |over |in |for |during )?(?:the )?(?:(?P<n>{COUNT})(?P<half> and a half)?[\s-])?"
        r"(?P<unit>months?(?: period)?|quarters?|half|years?)(?:,? which|,? that)?"
        r" (?:ended|ending|ends|through|to|that ended|up to)(?: on| in"
        rf"| with| the end of| the close of)? (?P<at>{POINT})",
        _ended,
    ),
    rule(
        "past",
        r"(?:(?:over|in|during|within|across|for|throughout) )?(?:the|these) (?:past|last|previous|preceding"
        rf"|trailing) (?:(?P<n>{COUNT}) )?(?P<unit>years|decades|months|quarters)(?! of\b)",
        _past,
    ),
    rule(
        "past",
        r"(?:over|in|during|within|across|for|throughout) (?:the )?(?:past|last) (?:(?P<n>)(?P<unit>decade"
        r"|year))(?<!in last year)(?<!over last year)(?<!during last year)(?<!for last year)",
        _past,
    ),
    rule(
        "past",
        rf"(?:over|across|within|during|in|for) (?:a span of )?(?P<n>{COUNT}) (?P<unit>years|decades"
        r"|quarters)(?! (?:ended|ending|through|to|earlier|ago|of|before)\b)",
        _past,
    ),
    rule("past", r"(?:over|in|within|during|for) (?P<n>)(?:a|the) (?P<unit>decade)", _past),
    rule(
        "to date",
        rf"(?:so far|thus far|already|to date)(?: in)? (?:this year|{YEAR_NUMBER})|(?:this|the current) year(?: "
        r"|, )(?:so far"
        rf"|thus far|to date|alone so far)|(?:in |for )?{YEAR_NUMBER} (?:so far|thus far|to date)|(?:the "
        r"|its )?year[\s-]to[\s-]date|(?:for |in )?the year (?:so far|to date|thus far)",
        _to_date,
    ),
    rule("to date", r"to date|so far|thus far|all told", _to_date),
    rule("last month", r"last month|the (?:previous|prior) month", _last_month),
    rule(
        "point",
        r"(?:(?:in|during|for|of|throughout|over|across) )?(?:all of |the whole of |much of "
        rf"|the entirety of )?(?P<at>{POINT})(?: (?:period|quarter))?",
        _plain,
    ),
)
"""Tried together; the longest reading of a stretch of text wins, then the one that stands first here."""
