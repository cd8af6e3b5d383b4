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

from markupsafe import Markup

from lobbyx.model.money import money
from lobbyx.model.total import Count, Method

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


def short(cents: int) -> str:
    """$1.5M, $250K: for axes."""
    whole = cents // 100
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


def ways_of_counting(methods: Mapping[Method, Count], claimed: int | None = None, printed: str = "") -> Markup:
    """Every way of counting as a range with its reported sum, on one scale from zero; the claimed figure as a line."""
    counted = {method: c for method, c in methods.items() if c.reports}
    left, right, top, row = 90, 40, 34, 30
    scale = ticks(max([c.interval.high for c in counted.values()] + [claimed or 0, 1]))
    bottom = top + row * len(counted)

    def x(cents: int) -> float:
        return left + (WIDTH - left - right) * cents / scale[-1]

    body: list[Markup] = []
    for tick in scale:
        body += [
            _line(x(tick), top - 8, x(tick), bottom, "lx-grid"),
            _text(x(tick), bottom + 18, short(tick), "middle", "lx-tick"),
        ]
    for number, (method, c) in enumerate(counted.items()):
        y = top + row * number + row / 2
        i = c.interval
        body += [
            _text(left - 10, y + 4, method, "end"),
            *_range(x(i.low), x(i.high) if c.determined else None, y),
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" class="lx-dot"><title>{}</title></circle>').format(
                x(i.reported), y, f"{method}: {money(i.reported)} ({c.range})"
            ),
        ]
    if claimed is not None:
        side = "end" if x(claimed) > WIDTH * 0.6 else "start"
        body += [
            _line(x(claimed), top - 14, x(claimed), bottom, "lx-claim"),
            _text(
                x(claimed) + (-6 if side == "end" else 6),
                top - 16,
                f"claimed: {printed or money(claimed)}",
                side,
                "lx-claimed",
            ),
        ]
    summary = "; ".join(f"{m} {money(c.interval.reported)}, {c.range}" for m, c in counted.items())
    said = f" The claimed figure is {printed or money(claimed)}." if claimed is not None else ""
    return _svg(bottom + 28, "Ways of counting, US dollars", f"{summary}.{said}", body)


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


def spending(bars: Sequence[Bar]) -> Markup:
    """Reports by period: in-house and outside stacked, superseded ones hollow on top, the LDA's own sum marked."""
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
            _text(left - 8, y(tick) + 4, short(tick), "end", "lx-tick"),
        ]
    every = max(1, ceil(len(bars) / 12))
    for number, b in enumerate(bars):
        x = left + step * number + (step - wide) / 2
        at = 0
        for kind, cents, words in (
            ("lx-in-house", b.in_house, "in-house expenses"),
            ("lx-outside", b.outside, "outside firms' income"),
            ("lx-superseded", b.superseded, "superseded reports"),
        ):
            if cents:
                body.append(
                    _rect(x, y(at + cents), wide, y(at) - y(at + cents), kind, f"{b.label}: {words} {money(cents)}")
                )
                at += cents
        body.append(_line(x - 3, y(b.lda), x + wide + 3, y(b.lda), "lx-lda"))
        if b.open:
            body += _open_above(x + wide / 2, y(at) - 3, f"{b.label}: more may have been reported")
        if number % every == 0:
            body.append(_text(x + wide / 2, bottom + 16, b.label, "middle", "lx-tick"))
    summary = "; ".join(
        f"{b.label}: in-house {money(b.in_house)}, outside {money(b.outside)}{', or more' if b.open else ''}"
        for b in bars[-12:]
    )
    return _svg(bottom + 26, "Reported by period, US dollars", f"The latest: {summary}.", body)


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
    says: str
    outside: int
    """Reports of outside firms on file."""
    through: str | None
    """ISO day through which everything posted about it is on file."""


def strip(periods: Sequence[Known]) -> Markup:
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
        through = f", complete through {one.through}" if one.through else ""
        words = f"{one.label}: {one.says}{through}; {one.outside} from firms"
        body.append(_rect(x + 1, top, max(step - 2, 1), height, kinds.get(one.state, "lx-unknown"), words))
        if number % every == 0:
            near_the_edge = x + 60 > WIDTH
            at, anchor = (x + step - 1, "end") if near_the_edge else (x + 1, "start")
            body.append(_text(at, top + height + 16, one.label, anchor, "lx-tick"))
    total = Counter(one.says for one in periods)
    summary = "; ".join(f"{says}: {n} of {len(periods)} periods" for says, n in total.items())
    return _svg(top + height + 24, "What is on file, by period", f"{summary}.", body)


@dataclass(frozen=True, slots=True)
class Span:
    """How long a registrant reported for an organization."""

    name: str
    first: date
    last: date
    kind: str
    """`in_house` or `outside`."""


def timeline(spans: Sequence[Span]) -> Markup:
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
            _rect(x(s.first), y, max(x(s.last) - x(s.first), 2), row - 10, kind, f"{s.name}: {s.first} to {s.last}"),
        ]
    summary = "; ".join(f"{s.name}: {s.first} to {s.last}" for s in spans[:20])
    return _svg(bottom + 8, "Who reported, and when", f"{summary}.", body)


def mark(context: str, start: int, text: str) -> Markup:
    """A sentence with its claim marked."""
    end = start + len(text)
    return Markup("{}<mark>{}</mark>{}").format(context[:start], context[start:end], context[end:])
