"""One name as filed -> its normalized form, the other names it tells of, and the rules that read it.

Two names that normalize to the same form are taken to be the same organization. The rules are few, named and applied
in order: first phrases ("on behalf of", "formerly", "doing business as"), which split off other names, then words. Each
is a pure function with its own cases in the tests. None may leave nothing: a rule that would is skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from lobbyx.model import resources

LONGEST_NAME = 1_000
"""Characters read of a name; the longest real ones have about 200."""

Kind = Literal["former", "trade", "acronym", "intermediary"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one name is read."""

    input: str
    normalized: str
    why: tuple[str, ...]
    """The rules that changed something, in order."""
    phrase: str
    """The name itself, without the phrases that tell of other names; as filed where there are none."""
    others: tuple[tuple[Kind, str], ...] = ()
    """Other names in it, normalized: former ones, trade names, its own acronym, or who acts on its behalf."""


def normalize(name: str) -> str:
    """The normalized form: upper-case words without legal forms. `normalize(normalize(x)) == normalize(x)`.

    Empty only where the name has no visible character.
    """
    return explain(name).normalized


@lru_cache(maxsize=200_000)
def explain(name: str) -> Reading:
    """The normalized form, the other names, and the rules that made them."""
    why: list[str] = []
    others: list[tuple[Kind, str]] = []
    start = _characters(name)
    phrase = text = _phrases(start, why, others)
    if text == start != name:
        _note(why, _characters)
    for _ in range(5):  # what stood behind a stray sign can be a phrase too
        normalized = _words(text, why)
        text = _phrases(normalized, why, others)
        if text == normalized:
            break
    told = tuple((kind, other) for kind, other in dict.fromkeys(others) if other != text)
    return Reading(name, text, tuple(why), name if phrase == start else phrase, told)


def _phrases(text: str, why: list[str], others: list[tuple[Kind, str]]) -> str:
    """The text after all rules about phrases; the other names they split off are added to `others`."""
    for rule in PHRASES:
        for _ in range(3):  # A on behalf of B on behalf of C
            found = rule(text)
            if found is None or not _has_letters(found.name):
                break
            text = found.name
            _note(why, rule)
            others += [(found.kind, _words(other, [])) for other in found.others if _has_letters(other)]
    return text


def _words(text: str, why: list[str]) -> str:
    """The text after all rules about words."""
    for _ in range(len(RULES) + 1):  # rules can uncover work for each other: THE X, INC. THE
        before = text
        for rule in RULES:
            changed = rule(text)
            if changed and changed != text:
                text = changed
                _note(why, rule)
        if text == before:
            break
    return text


def _note(why: list[str], rule: Callable[..., object]) -> None:
    label = (rule.__doc__ or "").split(".")[0].strip()
    if label not in why:
        why.append(label)


def _has_letters(text: str) -> bool:
    return any(c.isalnum() for c in text)


# Phrases ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Split:
    """A name, and the others that stood beside it."""

    name: str
    kind: Kind
    others: tuple[str, ...] = ()


def _trim(text: str) -> str:
    return text.strip(" ,;:-()[]")


def _balanced(text: str) -> str:
    """The text without a parenthesis at its end that it does not open, or one that it does not close."""
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


def _in_order(text: str) -> Split | None:
    """a list's word order undone: PHOENIX, CITY OF; BOEING COMPANY, THE."""
    if m := _INVERTED.match(text):
        return Split(f"{m['kind']} {m['place']}", "former")
    if m := re.match(r"^COUNTY OF ([^,()]+)(,.*)?$", text):
        return Split(f"{m[1].strip()} COUNTY{m[2] or ''}", "former")
    if m := re.search(r"\s*[,(]\s*THE\)?$", text):
        return Split(text[: m.start()], "former")
    return None


_BEHALF = re.compile(r"[\s(,\-]+(?:(?:ON|IN) ?BEHALF OF|OBO|O/B/O|O\.B\.O\.)[\s:]+")
_ITSELF = re.compile(r"[\s(,\-]+ON BEHALF OF (?:ITSELF|THEMSELVES)\b")
_THROUGH = re.compile(r"(?:\s*\(\s*|\s*[,\-]\s*|\s+)(?P<how>THROUGH|VIA|C/O|CARE OF)[\s:]+(?P<whom>[^()]+)\)?$")


def _on_behalf_of(text: str) -> Split | None:
    """on behalf of: the client is the party represented."""
    if m := _ITSELF.search(text):
        return Split(_balanced(text[: m.start()] + text[m.end() :]), "intermediary")
    if m := _BEHALF.search(text):
        return Split(_balanced(text[m.end() :]), "intermediary", (_trim(text[: m.start()]),))
    m = _THROUGH.search(text)
    # Bare "through" can be part of a name, STRENGTH THROUGH PEACE: a company must stand beside it.
    if m and ("C" in m["how"] or "(" in m[0] or _is_company(text[: m.start()]) or _is_company(m["whom"])):
        return Split(_balanced(text[: m.start()]), "intermediary", (_trim(m["whom"]),))
    m = re.search(r"\s+\(FOR (?P<whom>[^()]+)\)?$", text)
    if m and _is_company(text[: m.start()]):  # VENABLE LLP (FOR ACME), but not CITIZENS (FOR LIFE)
        return Split(_trim(m["whom"]), "intermediary", (_trim(text[: m.start()]),))
    return None


def _is_company(text: str) -> bool:
    """Whether a name ends in a legal form."""
    words = _words_only(text)
    return _legal_form(words) != words


_NOW = re.compile(r"[\s(,]+(?:N/?K/?A|NOW KNOWN AS|NOW)[\s:]+(?=\S)")
_FORMER = re.compile(
    r"(?:\s*\(\s*(?:AS )?(?:F/?K/?A/?|F\.K\.A\.?)[\s:]*"  # also "(FKARAYTHEON"
    r"|[\s,\-]+(?:F/?K/?A/?|F\.K\.A\.?)[\s:]+"
    r"|[\s(,\-]+(?:FORMERLY|FORMALLY(?= KNOWN)|PREVIOUSLY|PREV\.?)"
    r"(?: (?:KNOWN|REPORTED|REGISTERED|FILED|NAMED|CALLED|DBA))*(?: AS)?[\s:]+)(?=\S)"
)


def _former(text: str) -> Split | None:
    """formerly: the name is the present one."""
    if m := _FORMER.search(text):
        rest = text[m.end() :]
        end = rest.find(")")
        former, tail = (rest, "") if end < 0 else (rest[:end], rest[end + 1 :])
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


def _trade_name(text: str) -> Split | None:
    """doing business as, also known as: the first name is the legal one."""
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


def _with_subsidiaries(text: str) -> Split | None:
    """and its subsidiaries, or a consolidated report: the name is the parent's."""
    for pattern in (_SUBSIDIARIES, _CONSOLIDATED):
        if m := pattern.search(text):
            return Split(_balanced(text[: m.start()]), "former")
    return None


def with_subsidiaries(name: str) -> bool:
    """Whether a name says that it stands for subsidiaries too: "and its affiliates", "(consolidated report)"."""
    label = (_with_subsidiaries.__doc__ or "").split(".")[0].strip()
    return label in explain(name).why


_LETTERS = r"(?P<acronym>[A-Z][A-Z&.\-]{1,9})"
_ACRONYMS = (
    re.compile(rf"^(?P<name>.+?)\s*\(\s*{_LETTERS}\s*\)?$"),
    re.compile(rf"^{_LETTERS}\s*\(\s*(?P<name>[^()]+?)\s*\)?$"),
    re.compile(rf"^(?P<name>.+?)\s+[\-–—]\s*{_LETTERS}$"),
    re.compile(rf"^{_LETTERS}\s+[\-–—]\s*(?P<name>.+)$"),
)


def _own_acronym(text: str) -> Split | None:
    """its own acronym dropped."""
    for pattern in _ACRONYMS:
        m = pattern.search(text)
        if m and _abbreviates(re.sub(r"[^A-Z]", "", m["acronym"]), m["name"]):
            return Split(_trim(m["name"]), "acronym", (m["acronym"],))
    return None


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters stand in the name in order, most of them at the beginnings of words: PHRMA for
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


PHRASES: tuple[Callable[[str], Split | None], ...] = (
    _in_order,
    _on_behalf_of,
    _former,
    _trade_name,
    _with_subsidiaries,
    _own_acronym,
)


# Words -----------------------------------------------------------------------------------------------------------


def _characters(text: str) -> str:
    """upper case, plain characters and single spaces."""
    text = text[:LONGEST_NAME]
    if text.isascii() and text.isprintable():  # nearly all are, and need none of what follows
        return " ".join(text.upper().split())
    text = unicodedata.normalize("NFKD", text).upper()
    # Compose again, without the accents of Latin letters: CAFÉ -> CAFE, but Hangul stays whole.
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(text.split())


def _ampersand(text: str) -> str:
    """& is AND."""
    return " ".join(text.replace("&", " AND ").split())


def _abbreviations(text: str) -> str:
    """no points in abbreviations."""
    return re.sub(r"\b(?:\w\.){2,}(?:\w\b)?", lambda m: m.group().replace(".", ""), text)


def _punctuation(text: str) -> str:
    """no punctuation."""
    return " ".join(re.sub(r"[^\w ]|_", " ", re.sub(r"['’`]", "", text)).split())


def plain(name: str) -> str:
    """A name with nothing left out but accents and punctuation: ALLIANCE INC and ALLIANCE LLC stay two."""
    return _words_only(_characters(name))


def _words_only(text: str) -> str:
    return _punctuation(_abbreviations(text))


def _initials(text: str) -> str:
    """single letters joined."""
    # Not the article: PLAN B A CAMPAIGN.
    return re.sub(r"\b[A-Z](?: (?!A\b)[A-Z]\b)+", lambda m: m.group().replace(" ", ""), text)


def _united_states(text: str) -> str:
    """UNITED STATES is US."""
    return re.sub(r"\bUNITED STATES( OF AMERICA)?\b", lambda m: "USA" if m[1] else "US", text)


_SAINT = {"ST": "SAINT", "MT": "MOUNT", "FT": "FORT"}


def _saint(text: str) -> str:
    """ST is SAINT, MT MOUNT and FT FORT, where a name begins."""
    return re.sub(r"(?:^|\b(?<=OF |HE ))(ST|MT|FT)(?= \w)", lambda m: _SAINT[m[1]], text)


@cache
def _states() -> Mapping[str, str]:
    return {row["value"]: _words_only(row["name"].upper()) for row in resources.rows("constants/states.csv")}


_PLACE = re.compile(
    r"^(?:THE )?(?:CITY|TOWN|VILLAGE|BOROUGH|TOWNSHIP|PORT|STATE|UNIVERSITY) OF \w"
    r"|\b(?:COUNTY|PARISH|TOWNSHIP|BOROUGH) \w\w$"
)


def _state(text: str) -> str:
    """the state of a place written out."""
    head, _, last = text.rpartition(" ")
    return f"{head} {_states()[last]}" if head and last in _states() and _PLACE.search(text) else text


@cache
def _compounds() -> tuple[re.Pattern[str], Mapping[str, str]]:
    joined = {row["apart"]: row["joined"] for row in resources.rows("compounds.csv")}
    return re.compile(rf"\b(?:{'|'.join(sorted(joined, reverse=True))})\b"), joined


def _joined(text: str) -> str:
    """words joined that some write apart: HEALTH CARE."""
    pattern, joined = _compounds()
    return pattern.sub(lambda m: joined[m.group()], text)


@cache
def legal_forms() -> frozenset[str]:
    """The endings in `data/legal_forms.csv`."""
    return frozenset(row["form"] for row in resources.rows("legal_forms.csv"))


def _legal_form(text: str) -> str:
    """legal form at the end dropped."""
    words = text.split()
    for taken in (2, 1):
        if len(words) > taken and " ".join(words[-taken:]) in legal_forms():
            return " ".join(words[:-taken])
    return text


@cache
def abbreviations() -> Mapping[str, str]:
    """The abbreviations in `data/abbreviations.csv`."""
    return {row["abbreviation"]: row["word"] for row in resources.rows("abbreviations.csv")}


def _written_out(text: str) -> str:
    """abbreviated word written out."""
    words = text.split()
    return " ".join([abbreviations().get(word, word) for word in words]) if len(words) > 1 else text


def _national_bank(text: str) -> str:
    """NATIONAL ASSOCIATION of a bank dropped."""
    return re.sub(r"(\bBANK\b.*?) NATIONAL ASSOCIATION$", r"\1", text)


def _leading_the(text: str) -> str:
    """leading THE dropped."""
    return text.removeprefix("THE ")


_COUNTRY = re.compile(r"(?P<before>\w+) (?:U ?S ?A|U S|US)$")


def _country_tail(text: str) -> str:
    """U.S. or U.S.A. at the end dropped."""
    m = _COUNTRY.search(text)
    # BOY SCOUTS OF THE USA, MADE IN USA: there it is part of the name.
    if not m or m["before"] in {"OF", "IN", "FOR", "THE", "AND", "TO", "TEAM"}:
        return text
    return text[: m.end("before")]


RULES: tuple[Callable[[str], str], ...] = (
    _characters,
    _ampersand,
    _abbreviations,
    _punctuation,
    _initials,
    _united_states,
    _saint,
    _state,
    _joined,
    _written_out,
    _national_bank,
    _legal_form,
    _leading_the,
    _country_tail,
)

# Names in running text ---------------------------------------------------------------------------------------------

_PARTICLE = re.compile(r"(?<=[가-힣A-Za-z)])(?:에서|으로|은|는|이|가|을|를|의|와|과|도|측|로)$")
_KOREAN_FORM = re.compile(
    r"^(?:㈜|\(주\)|주식회사)\s*|\s*(?:㈜|\(주\)|주식회사|(?<=[가-힣])\s*(?:Inc|Corp|Ltd|LLC)\.?)$", re.IGNORECASE
)


def spoken(text: str) -> list[str]:
    """What a name in running text may be the name of, likeliest first, `text` itself at the head.

    Without a possessive, "TikTok's parent company", Korean particles (쿠팡은) and legal forms (쿠팡Inc), and at last
    without "Group" (그룹): each only where something is left.
    """
    found = [text.strip()]

    def add(changed: str) -> None:
        if _has_letters(changed) and changed.strip() not in found:
            found.append(changed.strip())

    add(re.sub(r"[’']s?$", "", found[-1]))
    add(re.sub(r"(?i)^.*[’']s?\s+(?:parent|owner)(?:\s+company)?,?\s+", "", found[-1]))
    add(_PARTICLE.sub("", found[-1]))
    add(_KOREAN_FORM.sub("", found[-1]))
    add(re.sub(r"(?i)\s+group$|\s*그룹$", "", found[-1]))
    return found


_SMALL = {"a", "an", "and", "at", "by", "d/b/a", "for", "in", "of", "on", "or", "the", "to", "with"}


def display(name: str) -> str:
    """A name as filed, made readable: `COUPANG, INC.` -> `Coupang, Inc.`; mixed-case names are left alone."""
    if name != name.upper():
        return name
    words = name.split()
    return " ".join(_display_word(word, first=i == 0) for i, word in enumerate(words))


def _display_word(word: str, *, first: bool) -> str:
    letters = re.sub(r"[^A-Z]", "", word)
    if word.lower() in _SMALL:
        return word.capitalize() if first else word.lower()
    titled = {"INC", "CORP", "LTD", "CO", "JR", "SR", "MR", "MRS", "MS", "DR", "ST"}
    if letters in titled:
        return word.capitalize()
    if letters in {"US", "USA", "UK", "EU", "II", "III", "IV"}:
        return word
    acronym = "." in word[:-1] or "&" in word or not re.search(r"[AEIOUY]", letters)
    if acronym or re.search(r"\d", word) or (len(letters) <= 3 and letters in legal_forms()):
        return word
    return re.sub(r"[A-Z]+('S\b)?", lambda m: m.group().capitalize(), word)
