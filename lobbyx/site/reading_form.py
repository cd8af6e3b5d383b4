"""How a claim was read, as fields of a form that a person can change, and back.

The fields are text, as forms send it: `org`, `kind`, `comparator`, `amount`, `high`, `from`, `to`, `what`, `than_from`,
`than_to`, `published`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lobbyx.model.bills import read_bill
from lobbyx.model.claim import Claim, ClaimKind, Comparator
from lobbyx.model.errors import LobbyxError
from lobbyx.model.money import dollars, money
from lobbyx.model.period import Window, iso, window
from lobbyx.model.said import Several, said
from lobbyx.model.stated import LARGEST, amount

FIELDS: Final = ("org", "kind", "comparator", "amount", "high", "from", "to", "what", "than_from", "than_to")
LONGEST_FIELD: Final = 300
"""Characters of a field."""
KINDS: Final[Mapping[str, str]] = {
    "spend": "spent on lobbying, in all",
    "outside": "paid to outside firms",
    "average": "spent on average, each month, quarter or year",
    "difference": "spent more than in another period, by",
    "less": "spent less than in another period, by",
    "change": "change in percent from another period",
    "rank": "place among all who lobby",
    "count": "number of lobbyists, firms or filings",
    "hired": "hired a firm",
    "issue": "lobbied on a bill or a topic",
    "agency": "lobbied an agency or a chamber",
}
"""The kinds of claims as the form offers them."""
COMPARATORS: Final[Mapping[Comparator, str]] = {
    "exact": "exactly, as it may be rounded",
    "about": "about",
    "nearly": "nearly",
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
    "between": "between (fill in both figures)",
}
PER: Final = ("month", "quarter", "year")
COUNTED: Final = ("lobbyists", "former_officials", "firms", "filings")


class UnreadableField(LobbyxError):
    """A field of the form that cannot be read. The message names it and what is accepted."""


def is_given(given: Mapping[str, Any]) -> bool:
    """Whether a request has the fields of a claim, instead of a text."""
    return any(str(given.get(name) or "").strip() for name in ("kind", "amount", "comparator"))


def fields_of(claim: Mapping[str, Any], published: str | None = None) -> dict[str, str]:
    """The fields of a claim as `Claim.json` gives it; without `precision` its figure counts to the last digit."""
    precision = claim.get("precision") or 1
    detail, kind = claim["detail"], claim["kind"]
    than = detail.get("baseline") or {}
    told = ("per", "group", "counted", "firm", "bill", "agency", "topic")
    what = next((detail[name] for name in told if detail.get(name)), "")
    return {
        "org": claim["org"] or "",
        "kind": _shown_kind(kind, detail),
        "comparator": claim["comparator"],
        "amount": _printed(kind, claim["value"], precision),
        "high": _printed(kind, claim.get("high"), precision),
        "from": claim["window"]["start"] or "",
        "to": claim["window"]["end"] or "",
        "what": str(what),
        "than_from": than.get("start") or "",
        "than_to": than.get("end") or "",
        "published": published or "",
    }


def _shown_kind(kind: str, detail: Mapping[str, Any]) -> str:
    if kind == "spend" and detail.get("sum") in ("outside", "average", "difference"):
        return "less" if detail["sum"] == "difference" and detail.get("direction") == "down" else str(detail["sum"])
    return "agency" if kind == "issue" and detail.get("agency") else kind


def _printed(kind: str, value: int | float | None, precision: int | float) -> str:
    """A figure with as many digits as the text gave: `$8.6 million` stands for more than `$8,600,000`."""
    if value is None:
        return ""
    if kind == "change":
        return f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") + "%" if value else "0%"
    if kind in ("rank", "count"):
        return f"{value:,}"
    sizes = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
    fitting = [one for one in sizes if 1 < precision <= one[0]]
    for size, word in [*(one for one in fitting if value >= one[0]), *reversed(fitting)]:
        shown = f"{Decimal(str(value)) / size:.{len(str(size)) - len(str(int(precision)))}f}"
        if Decimal(shown) * size == Decimal(str(value)):
            return f"${shown} {word}"
    return money(round(value * 100))


def claim_of(given: Mapping[str, Any]) -> Claim:
    """The claim that the fields make. Raises UnreadableField, UnreadableAmount and UnreadableDate."""
    text = {name: str(given.get(name) or "").strip() for name in FIELDS}
    if long := next((name for name in FIELDS if len(text[name]) > LONGEST_FIELD), None):
        raise UnreadableField(said("problem.field_too_long", field=long, most=LONGEST_FIELD))
    chosen = text["kind"] or "spend"
    comparator: Comparator | None = next((c for c in COMPARATORS if c == (text["comparator"] or "exact")), None)
    if chosen not in KINDS or comparator is None:
        raise UnreadableField(
            said("problem.kind_or_comparator", kinds=Several(tuple(KINDS)), comparators=Several(tuple(COMPARATORS)))
        )
    if not text["org"]:
        raise UnreadableField(said("problem.name_organization"))
    kind: ClaimKind = _kind(chosen)
    asked = window(text["from"] or None, text["to"] or None)
    than = window(text["than_from"] or None, text["than_to"] or None)
    value, precision = _figure(kind, text["amount"])
    high, _ = _figure(kind, text["high"]) if comparator == "between" else (None, 1)
    if comparator == "between" and (high is None or value is None or high < value):
        raise UnreadableField(said("problem.between"))
    if value is None and kind not in ("hired", "issue"):
        raise UnreadableField(said("problem.give_figure"))
    words = _said(text, chosen, comparator, asked)
    return Claim(
        text=words,
        start=0,
        end=len(words),
        kind=kind,
        org=text["org"],
        value=value,
        precision=precision,
        comparator=comparator,
        window=asked,
        window_text=str(asked),
        detail=_detail(chosen, text["what"], than),
        high=high,
    )


def _kind(chosen: str) -> ClaimKind:
    kinds: tuple[ClaimKind, ...] = ("change", "rank", "count", "hired", "issue")
    return next((kind for kind in kinds if kind == chosen), "issue" if chosen == "agency" else "spend")


def _figure(kind: ClaimKind, text: str) -> tuple[int | float | None, int | float]:
    """The figure, and the place of its last digit, in the claim's unit."""
    if not text:
        return None, 1
    if kind == "change":
        m = re.fullmatch(r"([+\-−–]?)\s*([0-9]{1,6})(?:\.([0-9]{1,4}))?\s*%?", text)
        if m is None:
            raise UnreadableField(said("problem.cannot_read_change", given=text[:40]))
        size = Decimal(f"{m[2]}.{m[3] or 0}") / 100
        return float(-size if m[1] in ("-", "−", "–") else size), float(Decimal(1).scaleb(-2 - len(m[3] or "")))
    if kind in ("rank", "count"):
        if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3}){0,3}|[0-9]{1,12}", text) is None:
            raise UnreadableField(said("problem.cannot_read_number", given=text[:40]))
        return int(text.replace(",", "")), 1
    cents, unit = amount(text)
    return dollars(min(cents, LARGEST * 100)), dollars(unit)


def _detail(chosen: str, what: str, than: Window) -> dict[str, Any]:
    """What else the claim says. Raises UnreadableField."""
    baseline = {"start": iso(than.start), "end": iso(than.end)} if than != Window() else None
    match chosen:
        case "outside":
            return {"sum": "outside"}
        case "average":
            return {"sum": "average", "per": _one_of(what or "quarter", PER)}
        case "difference" | "less":
            direction = "up" if chosen == "difference" else "down"
            return {"sum": "difference", "direction": direction, "baseline": baseline}
        case "change":
            return {"baseline": baseline}
        case "count":
            return {"counted": _one_of(what or "lobbyists", COUNTED)}
        case "hired":
            return {"firm": _named(what, "firm")}
        case "issue":
            named = _named(what, "bill_or_topic")
            return {"bill" if read_bill(named) else "topic": named}
        case "agency":
            return {"agency": _named(what, "agency")}
        case "rank" if what:
            return {"group": what}
    return {}


def again(stored: Mapping[str, Any]) -> dict[str, str]:
    """What asks the check page for a stored claim (a row as the verdict's page has it) once more.

    The fields of the form where they say all that the claim says, else its sentence, which is read anew.
    """
    window_ = {side: stored[f"window_{side}"] for side in ("start", "end")}
    day = stored["published"] or ""
    fields = fields_of({**stored, "window": window_}, day)
    try:
        same = claim_of(fields)
    except LobbyxError:
        same = None
    if same and (same.kind, same.value, same.high, same.detail) == (
        stored["kind"],
        stored["value"],
        stored.get("high"),
        {name: value for name, value in stored["detail"].items() if value is not None},
    ):
        return {**{name: value for name, value in fields.items() if value}, "said": stored["context"]}
    named = stored["organization"] or stored["org"] or ""
    asked = {"text": stored["context"], "published": day, "org": named}
    return {name: value for name, value in asked.items() if value}


def _one_of(what: str, accepted: tuple[str, ...]) -> str:
    if what not in accepted:
        raise UnreadableField(said("problem.not_one_of", given=what[:40], accepted=Several(accepted)))
    return what


def _named(what: str, needed: str) -> str:
    if not what:
        raise UnreadableField(said(f"problem.name_{needed}"))
    return what


def _said(text: Mapping[str, str], chosen: str, comparator: Comparator, asked: Window) -> str:
    """The claim in words, as its text."""
    figure = text["amount"] if comparator != "between" else f"{text['amount']} and {text['high']}"
    how = f" {COMPARATORS[comparator].split(',')[0].split(' (')[0]} {figure}," if figure else ""
    what = f" ({text['what']})" if text["what"] else ""
    return f"{text['org']}: {KINDS[chosen]}{what},{how} {asked}"


def last_day(published: str | None) -> date | None:
    """The day as of which a claim is judged; None = with all on file. Raises UnreadableDate."""
    return window(None, published).end if published else None
