"""Rules about phrases that mention another name: "A on behalf of B", "X (formerly Y)", "X d/b/a Z"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lobbyx.names.words import legal_form, words_only

Kind = Literal["former", "trade", "acronym", "intermediary"]
"""How another name is related to the name it was found in."""


@dataclass(frozen=True, slots=True)
class Split:
    """A name, and the other names that were found in it."""

    name: str
    kind: Kind
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """A rule about a phrase that mentions another name."""

    label: str
    """What it does, as `lobbyx names` prints it."""
    apply: Callable[[str], Split | None]
    """The name and the other names in it; None if the rule does not apply."""
    needs: re.Pattern[str]
    """What a text must hold for the rule to apply: most names hold nothing of the kind, and are read much faster."""


def _trim(text: str) -> str:
    return text.strip(" ,;:-()[]")


def _balanced(text: str) -> str:
    """The text without its last parenthesis, if that one is not closed or not opened."""
    text = text.strip(" ,;:-")
    if text.count("(") > text.count(")"):
        text = text[: text.rindex("(")] + " " + text[text.rindex("(") + 1 :]
    elif text.count(")") > text.count("("):
        text = text[: text.rindex(")")] + " " + text[text.rindex(")") + 1 :]
    return " ".join(text.split()).strip(" ,;:-")


_INVERTED = re.compile(
    r"^(?P<place>[^,()]+),\s*\(?"
    r"(?P<kind>(?:CITY|TOWN|VILLAGE|BOROUGH|TOWNSHIP|COUNTY|PARISH|PORT|STATE|UNIVERSITY) OF)\)?$"
)


def in_order(text: str) -> Split | None:
    """Undoes the word order of a list: PHOENIX, CITY OF; BOEING COMPANY, THE."""
    if m := _INVERTED.match(text):
        return Split(f"{m['kind']} {m['place']}", "former")
    if m := re.match(r"^COUNTY OF ([^,()]+)(,.*)?$", text):
        return Split(f"{m[1].strip()} COUNTY{m[2] or ''}", "former")
    if m := re.search(r"(?:\s*[,(]\s*|\s+)THE\)?$", text):
        return Split(text[: m.start()], "former")
    return None


_BEHALF = re.compile(r"[\s(,\-]+(?:(?:ON|IN) ?BEHALF OF|OBO|O/B/O|O\.B\.O\.)[\s:]+")
_ITSELF = re.compile(r"[\s(,\-]+ON BEHALF OF (?:ITSELF|THEMSELVES)\b")
_THROUGH = re.compile(r"(?:\s*\(\s*|\s*[,\-]\s*|\s+)(?P<how>THROUGH|VIA|C/O|CARE OF)[\s:]+(?P<whom>[^()]+)\)?$")


def on_behalf_of(text: str) -> Split | None:
    """On behalf of: the client is the party represented."""
    if m := _ITSELF.search(text):
        return Split(_balanced(text[: m.start()] + text[m.end() :]), "intermediary")
    if m := _BEHALF.search(text):
        return Split(_balanced(text[m.end() :]), "intermediary", (_trim(text[: m.start()]),))
    m = _THROUGH.search(text)
    # A bare "through" can be part of a name (STRENGTH THROUGH PEACE), so there must be a company on one side.
    if m and ("C" in m["how"] or "(" in m[0] or _is_company(text[: m.start()]) or _is_company(m["whom"])):
        return Split(_balanced(text[: m.start()]), "intermediary", (_trim(m["whom"]),))
    m = re.search(r"\s+\(FOR (?P<whom>[^()]+)\)?$", text)
    if m and _is_company(text[: m.start()]):  # VENABLE LLP (FOR ACME), but not CITIZENS (FOR LIFE)
        return Split(_trim(m["whom"]), "intermediary", (_trim(text[: m.start()]),))
    return None


def _is_company(text: str) -> bool:
    """Whether a name ends in a legal form."""
    words = words_only(text)
    return legal_form(words) != words


_NOW = re.compile(r"[\s(,]+(?:N/?K/?A|NOW KNOWN AS|NOW)[\s:]+(?=\S)")
_FKA = r"F[/. ]?K[/. ]?A[/.]?"
_FORMERLY = (
    r"(?:FORMERLY|FORMALLY(?= ?KNOWN)|PREVIOUSLY|PREV\.?)"
    r"(?: ?(?:KNOWN|REPORTED|REGISTERED|FILED|NAMED|CALLED|DBA))*(?: ?AS(?=[\s:]))?"
)
_FORMER = re.compile(
    rf"(?:\s*[(\[]\s*(?:AS )?{_FKA}[\s:\-]*"  # also "(FKARAYTHEON"
    rf"|[\s,\-/\"]+{_FKA}[\s:\-/\"]+"
    rf"|\s*[(\[]\s*{_FORMERLY}[\s:]*"  # also "(FORMERLYTECHNOLOGY"
    rf"|(?:\s+/|[\s,\-])\s*{_FORMERLY}[\s:]+)(?=\S)"
)


def former(text: str) -> Split | None:
    """Formerly: the name is the current one."""
    if m := _FORMER.search(text):
        rest = text[m.end() :]
        end = re.search(r"[)\]]", rest)
        former, tail = (rest[: end.start()], rest[end.end() :].lstrip(" )]")) if end else (rest, "")
        return Split(_balanced(f"{text[: m.start()]} {tail}"), "former", _listed(former))
    if ((m := _NOW.search(text)) and "/" in m[0]) or (m and "KNOWN" in m[0]):
        return Split(_balanced(text[m.end() :].rstrip(")")), "former", (_trim(text[: m.start()]),))
    return None


def _listed(text: str) -> tuple[str, ...]:
    """Former names in a list, without "and various subsidiaries"."""
    text = _SUBSIDIARIES.sub("", text)
    parts = re.split(r"\s*(?:;|\bF/K/A\b|\bFKA\b|\bAND (?:FORMERLY|PREVIOUSLY)(?: KNOWN AS)?\b)\s*", text)
    return tuple(_trim(part) for part in parts if _trim(part))


_TRADE = re.compile(
    r"[\s(,\-]+(?:D/B/A/?|DBA|D\.B\.A\.?|DOING BUSINESS AS|TRADING AS|A/?K/?A/?|ALSO KNOWN AS)[\s:]+(?=\S)"
)


def trade_name(text: str) -> Split | None:
    """Doing business as, also known as: the first name is the legal one."""
    if m := _TRADE.search(text):
        return Split(_balanced(text[: m.start()]), "trade", (_trim(text[m.end() :]),))
    return None


_SUBSIDIARIES = re.compile(
    r"[\s(,]+(?:AND|&|WITH|INCLUDING|INCL\.?)\s+(?:ALL\s+)?(?:OF\s+)?(?:(?:ITS|THEIR)\s+)?"
    r"(?:VARIOUS\s+|OTHER\s+|U\.?S\.?\s+|WHOLLY[- ]OWNED\s+)?"
    r"(?:AFFILIATES?|SUBSIDIARIES|SUBS\.?|(?:AFFILIATED|RELATED) (?:COMPANIES|ENTITIES|ORGANIZATIONS)"
    r"|SUBSIDIARY COMPANIES)(?:\s*(?:AND|&)\s*(?:ITS\s+)?(?:AFFILIATES|SUBSIDIARIES))?\)?$"
)
_CONSOLIDATED = re.compile(r"[\s,\-]*\(?\s*CONSOLIDATED(?: REPORT(?:ING|S)?)?\s*\)?$")


def parent_with_subsidiaries(text: str) -> Split | None:
    """And its subsidiaries, or a consolidated report: the name is the parent's."""
    for pattern in (_SUBSIDIARIES, _CONSOLIDATED):
        if m := pattern.search(text):
            return Split(_balanced(text[: m.start()]), "former")
    return None


_LETTERS = r"(?P<acronym>[A-Z][A-Z&.\-]{1,9})"
_ACRONYMS = (
    re.compile(rf"^(?P<name>.+?)\s*\(\s*{_LETTERS}\s*\)?$"),
    re.compile(rf"^{_LETTERS}\s*\(\s*(?P<name>[^()]+?)\s*\)?$"),
    re.compile(rf"^(?P<name>.+?)\s+[\-–—]\s*{_LETTERS}$"),
    re.compile(rf"^{_LETTERS}\s+[\-–—]\s*(?P<name>.+)$"),
)


def own_acronym(text: str) -> Split | None:
    """Drops the name's own acronym."""
    for pattern in _ACRONYMS:
        m = pattern.search(text)
        if m and _abbreviates(re.sub(r"[^A-Z]", "", m["acronym"]), m["name"]):
            return Split(_trim(m["name"]), "acronym", (m["acronym"],))
    return None


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters occur in the name in order, most of them at the start of words: PHRMA for
    PHARMACEUTICAL RESEARCH AND MANUFACTURERS OF AMERICA, but not TEXAS for AARP."""
    words = re.findall(r"[A-Z]+", name)
    if len(words) < 2 or len(acronym) < 2 or not words[0].startswith(acronym[0]):
        return False
    if len(words[0]) > 3 and acronym.startswith(words[0]):  # SPACEX for SPACE EXPLORATION TECHNOLOGIES
        rest = iter("".join(words[1:]))
        return all(letter in rest for letter in acronym[len(words[0]) :])
    initials = inside = 0
    place, offset = 0, 1
    initials = 1
    for letter in acronym[1:]:
        ahead = next((i for i in range(place + 1, len(words)) if words[i][0] == letter), None)
        within = words[place].find(letter, offset)
        if ahead is not None and (within < 0 or within > 2 or ahead == place + 1):
            place, offset = ahead, 1
            initials += 1
        elif within >= 0:
            offset = within + 1
            inside += 1
        else:
            return False
    return initials > inside


SUBSIDIARIES = PhraseRule(
    "and its subsidiaries, or a consolidated report: the name is the parent's",
    parent_with_subsidiaries,
    needs=re.compile(r"AFFILIATE|SUBS|(?:COMPANIES|ENTITIES|ORGANIZATIONS)\)?$|CONSOLIDATED"),
)
PHRASES: tuple[PhraseRule, ...] = (
    PhraseRule(
        "put in order: PHOENIX, CITY OF; BOEING COMPANY, THE",
        in_order,
        needs=re.compile(r",.*OF\)?$|^COUNTY OF|THE\)?$"),
    ),
    PhraseRule(
        "on behalf of: the client is the party represented",
        on_behalf_of,
        needs=re.compile(r"BEHALF|OBO|O/B/O|O\.B\.O|THROUGH|VIA|C/O|CARE OF|\(FOR "),
    ),
    PhraseRule(
        "formerly: the name is the current one",
        former,
        needs=re.compile(rf"{_FKA}|FORM[AE]LLY|FORMERLY|PREV|N/?K/?A|NOW"),
    ),
    PhraseRule(
        "doing business as, also known as: the first name is the legal one",
        trade_name,
        needs=re.compile(r"D/?B/?A|D\.B\.A|DOING|TRADING|A/?K/?A|ALSO"),
    ),
    SUBSIDIARIES,
    PhraseRule("its own acronym dropped", own_acronym, needs=re.compile(r"[(\-–—]")),
)
_ANY = re.compile("|".join(f"(?:{rule.needs.pattern})" for rule in PHRASES))


def may_hold_phrase(text: str) -> bool:
    """Whether any rule about phrases may apply."""
    return _ANY.search(text) is not None
