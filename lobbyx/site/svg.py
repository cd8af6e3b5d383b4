"""Charts as SVG: no script, no style attributes (colors are classes of lobbyx.css), every text escaped.

Each chart has a title and a description for people who do not see it, and a table of the same numbers below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from math import ceil, log10
from typing import Any, Final

from markupsafe import Markup

from lobbyx.model import texts
from lobbyx.model.total import Count, Method
from lobbyx.site.language import Words

ENGLISH: Final = Words("en")
WIDTH = 760
"""Units of the drawing; it scales with the page."""
_ids = count(1)


def _svg(height: float, title: str, description: str, body: Sequence[Markup]) -> Markup:
    number = next(_ids)
    head = Markup(
        '<svg class="lx-chart" viewBox="0 0 {} {}" role="img" aria-labelledby="lx-t{} lx-d{}" '
        'xmlns="http://www.w3.org/2000/svg"><title id="lx-t{}">{}</title><desc id="lx-d{}">{}</desc>'
    ).format(WIDTH, round(height), number, number, number, title, number, description)
    return head + Markup("").join(body) + Markup("</svg>")


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "lx-label") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="{}">{}</text>').format(x, y, anchor, kind, words)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, kind)


def _rect(x: float, y: float, width: float, height: float, kind: str, words: str = "") -> Markup:
    inside = Markup("<title>{}</title>").format(words) if words else Markup("")
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}">{}</rect>').format(
        x, y, max(width, 0), max(height, 0), kind, inside
    )


def ticks(most: int, about: int = 4) -> list[int]:
    """Round amounts from zero to at least `most` (US cents), `about` this many."""
    if most <= 0:
        return [0]
    raw = most / about
    size = 10 ** int(log10(raw)) if raw >= 1 else 1
    step = next(int(size * factor) for factor in (1, 2, 2.5, 5, 10, 20) if size * factor >= raw)
    return [step * n for n in range(ceil(most / step) + 1)]


def short(cents: int, language: texts.Language = "en") -> str:
    """$1.5M, $250K, or 150만: for axes."""
    whole = cents // 100
    if language == "ko":
        return texts.dollars(whole * 100, "ko").removesuffix("달러").rstrip()
    if whole >= 1_000_000:
        return f"${whole / 1_000_000:,.2f}".rstrip("0").rstrip(".") + "M"
    if whole >= 1_000:
        return f"${whole / 1_000:,.1f}".rstrip("0").rstrip(".") + "K"
    return f"${whole:,}"


def _range(low: float, high: float | None, y: float) -> list[Markup]:
    """A range with its ends; one that is open above runs to the edge of the drawing, and ends in an arrow."""
    right = WIDTH - 14 if high is None else high
    ends = [_line(low, y, right, y, "lx-range"), _line(low, y - 6, low, y + 6, "lx-range")]
    if high is not None:
        return [*ends, _line(high, y - 6, high, y + 6, "lx-range")]
    return [*ends, _line(right - 7, y - 5, right, y, "lx-range"), _line(right - 7, y + 5, right, y, "lx-range")]


def ways_of_counting(
    methods: Mapping[Method, Count], claimed: int | None = None, printed: str = "", t: Words = ENGLISH
) -> Markup:
    """Every way of counting as a range with its reported sum, on one scale from zero; the claimed figure as a line."""
    counted = {method: c for method, c in methods.items() if c.reports}
    left, right, top, row = 170, 40, 34, 38
    scale = ticks(max([c.interval.high for c in counted.values()] + [claimed or 0, 1]))
    bottom = top + row * len(counted)

    def x(cents: int) -> float:
        return left + (WIDTH - left - right) * cents / scale[-1]

    body: list[Markup] = []
    summary: list[str] = []
    for tick in scale:
        body += [
            _line(x(tick), top - 8, x(tick), bottom, "lx-grid"),
            _text(x(tick), bottom + 18, short(tick, t.language), "middle", "lx-tick"),
        ]
    for number, (method, c) in enumerate(counted.items()):
        y = top + row * number + row / 2
        i = c.interval
        label, said = t.plain(f"method_short.{method}"), f"{_money(i.reported, t)} ({_span(c, t)})"
        summary.append(f"{label}: {said}")
        body += [
            _text(left - 10, y - 1, label, "end"),
            _text(left - 10, y + 12, method, "end", "lx-tick"),
            *_range(x(i.low), x(i.high) if c.determined else None, y),
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" class="lx-dot"><title>{}</title></circle>').format(
                x(i.reported), y, f"{label}: {said}"
            ),
        ]
    if claimed is not None:
        side = "end" if x(claimed) > WIDTH * 0.6 else "start"
        body += [
            _line(x(claimed), top - 14, x(claimed), bottom, "lx-claim"),
            _text(
                x(claimed) + (-6 if side == "end" else 6),
                top - 16,
                t.plain("chart.claimed", figure=printed or _money(claimed, t)),
                side,
                "lx-claimed",
            ),
        ]
    said = " " + t.plain("chart.claimed_is", figure=printed or _money(claimed, t)) if claimed is not None else ""
    return _svg(bottom + 28, t.plain("chart.ways_title"), f"{'; '.join(summary)}.{said}", body)


def _money(cents: int, t: Words) -> str:
    return texts.dollars(cents, t.language)


def _span(count: Count, t: Words) -> str:
    low, high = (_money(cents, t) for cents in (count.interval.low, count.interval.high))
    return t.plain("chart.range", low=low, high=high) if count.determined else t.plain("chart.at_least", low=low)


@dataclass(frozen=True, slots=True)
class Bar:
    """What was reported for one period, in US cents."""

    label: str
    in_house: int
    outside: int
    superseded: int
    lda: int
    open: bool = False
    """Whether more may have been reported than is on file."""


def spending(bars: Sequence[Bar], t: Words = ENGLISH) -> Markup:
    """Reports by period: in-house and outside stacked, replaced ones hollow on top, what the law counts marked."""
    if not bars:
        return Markup("")
    left, right, top, height = 64, 10, 24, 200
    most = max(max(b.in_house + b.outside + b.superseded, b.lda) for b in bars)
    scale = ticks(most)
    bottom = top + height
    step = (WIDTH - left - right) / len(bars)
    wide = min(step * 0.72, 40)

    def y(cents: int) -> float:
        return bottom - height * cents / max(scale[-1], 1)

    body: list[Markup] = []
    for tick in scale:
        body += [
            _line(left, y(tick), WIDTH - right, y(tick), "lx-grid"),
            _text(left - 8, y(tick) + 4, short(tick, t.language), "end", "lx-tick"),
        ]
    every = max(1, ceil(len(bars) / 12))
    for number, b in enumerate(bars):
        x = left + step * number + (step - wide) / 2
        at = 0
        label = t.period(b.label)
        for kind, cents in (("in_house", b.in_house), ("outside", b.outside), ("superseded", b.superseded)):
            if cents:
                words = f"{label}: {t.plain(f'chart.{kind}')} {_money(cents, t)}"
                drawn = f"lx-{kind.replace('_', '-')}"
                body.append(_rect(x, y(at + cents), wide, y(at) - y(at + cents), drawn, words))
                at += cents
        body.append(_line(x - 3, y(b.lda), x + wide + 3, y(b.lda), "lx-lda"))
        if b.open:
            body += _open_above(x + wide / 2, y(at) - 3, t.plain("chart.open_above", period=label))
        if number % every == 0:
            body.append(_text(x + wide / 2, bottom + 16, b.label, "middle", "lx-tick"))
    summary = "; ".join(
        f"{t.period(b.label)}: {t.plain('chart.in_house')} {_money(b.in_house, t)}, "
        f"{t.plain('chart.outside')} {_money(b.outside, t)}{', ' + t.plain('chart.or_more') if b.open else ''}"
        for b in bars[-12:]
    )
    return _svg(bottom + 26, t.plain("chart.periods_title"), t.plain("chart.latest", periods=summary), body)


def _open_above(x: float, y: float, words: str) -> list[Markup]:
    """An arrow that stands on a bar of which the top is not known."""
    path = Markup('<path d="M{:.1f} {:.1f}V{:.1f}M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}" class="lx-open">')
    drawn = path.format(x, y, y - 14, x - 4, y - 9, x, y - 14, x + 4, y - 9)
    return [drawn, Markup("<title>{}</title></path>").format(words)]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one period."""

    label: str
    state: str
    """`in_house_report`, `none_filed` or `unknown`."""
    outside: int
    """Reports of outside firms on file."""
    through: str | None
    """ISO day through which everything posted about it is on file."""


def strip(periods: Sequence[Known], t: Words = ENGLISH) -> Markup:
    """One field for each period: an in-house report is on file (full), none was filed (hollow), unknown (dashed)."""
    if not periods:
        return Markup("")
    left, top, height = 10, 8, 26
    step = (WIDTH - 2 * left) / len(periods)
    kinds = {"in_house_report": "lx-in-house", "none_filed": "lx-none-filed"}
    every = max(1, ceil(len(periods) / 10))
    body: list[Markup] = []
    for number, one in enumerate(periods):
        x = left + step * number
        known = [t.plain(f"known.{one.state}")]
        if one.through:
            known.append(t.plain("chart.complete_through", day=t.day(one.through)))
        words = f"{t.period(one.label)}: {', '.join(known)}; {t.plain('chart.from_firms', n=one.outside)}"
        body.append(_rect(x + 1, top, max(step - 2, 1), height, kinds.get(one.state, "lx-unknown"), words))
        if number % every == 0:
            near_the_edge = x + 60 > WIDTH
            at, anchor = (x + step - 1, "end") if near_the_edge else (x + 1, "start")
            body.append(_text(at, top + height + 16, one.label, anchor, "lx-tick"))
    total = Counter(one.state for one in periods)
    summary = "; ".join(
        t.plain("chart.of_periods", says=t.plain(f"known.{state}"), n=n, all=len(periods)) for state, n in total.items()
    )
    return _svg(top + height + 24, t.plain("chart.on_file_title"), f"{summary}.", body)


@dataclass(frozen=True, slots=True)
class Span:
    """How long a registrant reported for an organization."""

    name: str
    first: date
    last: date
    kind: str
    """`in_house` or `outside`."""


def timeline(spans: Sequence[Span], t: Words = ENGLISH) -> Markup:
    """One line for each registrant, from its first reported day to its last."""
    if not spans:
        return Markup("")
    left, right, top, row = 230, 20, 26, 24
    first = date(min(s.first for s in spans).year, 1, 1)
    last = date(max(s.last for s in spans).year + 1, 1, 1)
    bottom = top + row * len(spans)

    def x(day: date) -> float:
        return left + (WIDTH - left - right) * (day - first).days / (last - first).days

    years = range(first.year, last.year + 1)
    every = max(1, ceil(len(years) / 10))
    body: list[Markup] = []
    for year in years:
        if (year - first.year) % every == 0:
            at = x(date(year, 1, 1))
            body += [_line(at, top - 6, at, bottom, "lx-grid"), _text(at, top - 10, str(year), "middle", "lx-tick")]
    for number, s in enumerate(spans):
        y = top + row * number + 5
        name = s.name if len(s.name) <= 28 else f"{s.name[:27]}…"
        kind = "lx-in-house" if s.kind == "in_house" else "lx-outside"
        body += [
            _text(left - 8, y + 11, name, "end"),
            _rect(x(s.first), y, max(x(s.last) - x(s.first), 2), row - 10, kind, _lasted(s, t)),
        ]
    return _svg(bottom + 8, t.plain("chart.who_title"), f"{'; '.join(_lasted(s, t) for s in spans[:20])}.", body)


def _lasted(s: Span, t: Words) -> str:
    return f"{s.name}: {t.plain('read.from_to', start=s.first, end=s.last)}"


def named(periods: Sequence[Mapping[str, Any]], t: Words = ENGLISH) -> Markup:
    """For each period the reports that name a topic (bars) and the organizations they are for (lines)."""
    if not periods:
        return Markup("")
    left, right, top, height = 48, 10, 12, 180
    scale = ticks(max(max(p["reports"], p["organizations"], 1) for p in periods))
    bottom = top + height
    step = (WIDTH - left - right) / len(periods)
    wide = min(step * 0.72, 40)

    def y(number: int) -> float:
        return bottom - height * number / scale[-1]

    body: list[Markup] = []
    for tick in scale:
        body += [
            _line(left, y(tick), WIDTH - right, y(tick), "lx-grid"),
            _text(left - 8, y(tick) + 4, f"{tick:,}", "end", "lx-tick"),
        ]
    every = max(1, ceil(len(periods) / 12))
    for number, p in enumerate(periods):
        x = left + step * number + (step - wide) / 2
        if not p["on_file"]:
            body.append(_rect(x, bottom - 8, wide, 8, "lx-unknown", _named(p, t)))
        elif p["reports"] or p["organizations"]:
            body += [
                _rect(x, y(p["reports"]), wide, bottom - y(p["reports"]), "lx-in-house", _named(p, t)),
                _line(x - 3, y(p["organizations"]), x + wide + 3, y(p["organizations"]), "lx-lda"),
            ]
        if number % every == 0:
            body.append(_text(x + wide / 2, bottom + 16, p["period"], "middle", "lx-tick"))
    summary = "; ".join(_named(p, t) for p in periods[-12:])
    return _svg(bottom + 26, t.plain("topic.chart_title"), t.plain("chart.latest", periods=summary), body)


def _named(p: Mapping[str, Any], t: Words) -> str:
    if not p["on_file"]:
        return t.plain("topic.period_not_on_file", period=t.period(p["period"]))
    numbers = {name: p[name] for name in ("reports", "organizations")}
    return t.plain("topic.in_period", period=t.period(p["period"]), **numbers)


def mark(context: str, start: int, text: str) -> Markup:
    """A sentence with its claim marked."""
    end = start + len(text)
    return Markup("{}<mark>{}</mark>{}").format(context[:start], context[start:end], context[end:])
