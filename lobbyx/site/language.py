"""The language of a page: `?lang=en` or `ko`, else what the visitor chose before, else what the browser prefers.

A choice by `?lang=` is kept in a cookie, so that the links of a page need not carry it. JSON and CSV have no language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup, escape

from lobbyx.model import texts
from lobbyx.model.period import Window
from lobbyx.model.said import Days
from lobbyx.model.texts import LANGUAGES, Language
from lobbyx.render.language import source
from lobbyx.site import reasons
from lobbyx.verdicts.explanation import shown

COOKIE: Final = "lobbyx_lang"
MONEY_FOUND: Final = ("now", "before", "difference", "most_before", "average")
"""The facts of a verdict that are US dollars."""
PERIODS: Final[Mapping[str, str]] = {
    "first_quarter": "Q1",
    "second_quarter": "Q2",
    "third_quarter": "Q3",
    "fourth_quarter": "Q4",
    "mid_year": "H1",
    "year_end": "H2",
}
"""The API's reporting periods."""
LONGEST_HEADER: Final = 500
"""Characters of `Accept-Language` that are read."""


def of(scope: Mapping[str, Any]) -> Language:
    """The language of a request, from its ASGI scope."""
    return chosen(scope) or _kept(scope) or preferred(_header(scope, b"accept-language"))


def chosen(scope: Mapping[str, Any]) -> Language | None:
    """What the address asks for, if it is a language of ours."""
    asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("lang")
    return next((one for one in LANGUAGES if one == asked), None)


def _kept(scope: Mapping[str, Any]) -> Language | None:
    for part in _header(scope, b"cookie").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return next((one for one in LANGUAGES if one == value), None)
    return None


def preferred(accept: str) -> Language:
    """The language of ours that the browser likes most (RFC 9110, section 12.5.4); English where it names none."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept[:LONGEST_HEADER].split(","):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        language = next((one for one in LANGUAGES if one == tag.strip().lower().partition("-")[0]), None)
        if language and best[0] < weight <= 1:
            best = (weight, language)
    return best[1]


def _header(scope: Mapping[str, Any], name: bytes) -> str:
    found = [value.decode("latin-1") for key, value in scope.get("headers", ()) if key.lower() == name]
    return found[0] if found else ""


def cookie(language: Language, path: str) -> str:
    """The header that keeps a choice for a year."""
    made: SimpleCookie = SimpleCookie()
    made[COOKIE] = language
    for name, value in (("path", path), ("max-age", "31536000"), ("samesite", "Lax"), ("httponly", "1")):
        made[COOKIE][name] = value
    return made.output(header="").strip()


def other_address(scope: Mapping[str, Any], language: Language) -> str:
    """The query of the same page in another language."""
    given = [one for one in parse_qsl(scope.get("query_string", b"").decode("latin-1"), True) if one[0] != "lang"]
    return "?" + urlencode([*given, ("lang", language)])


class Words:
    """What templates call: `t("check.title")`, `t.money(dollars)`, `t.day("2025-12-25")`, `t.period("2021 Q3")`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str, /, **values: Any) -> Markup:
        """A text, filled and escaped. A value that is Markup stays what it is."""
        template = texts.texts(self.language)[key]
        return Markup("").join(escape(part) for part in texts.parts(template, self.language, values, _shown))

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in texts.texts(self.language)

    def plain(self, key: str, /, **values: Any) -> str:
        """The same text unescaped, for what escapes by itself (charts, attributes built in Python)."""
        return texts.fill(texts.texts(self.language)[key], self.language, values, shown)

    def issue(self, name: str) -> str:
        """A general issue, given by its English name."""
        return str(texts.shown(texts.name_of("issue", name), self.language))

    def source(self, name: str) -> str:
        """Where a claim was read."""
        return source(name, self.language)

    def reason(self, given: str) -> str:
        """Why a name is read as it is, or two may be one, or what a relation rests on."""
        return reasons.several(given, self.language)

    def warnings(self, given: Sequence[Mapping[str, str]]) -> list[Markup]:
        """The warnings of a total in words, each once."""
        return list(dict.fromkeys(self.told(w, "message") for w in given))

    def told(self, given: Mapping[str, Any], name: str) -> Markup:
        """A sentence that is stored in both languages, or by an earlier version in English alone."""
        korean = given.get(f"{name}_ko") if self.language == "ko" else None
        english = escape(given.get(name) or "")
        if self.language == "en" or not english:
            return english
        return escape(korean) if korean else Markup('<span lang="en">{}</span>').format(english)

    def facts(self, found: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What the filings say about a claim: the facts that have a name (`claim.found`), in words."""
        said: list[tuple[str, str]] = []
        for name, value in found.items():
            if value is None or not self.has(f"claim.found.{name}"):
                continue
            if name in MONEY_FOUND and isinstance(value, int | float):
                said.append((name, self.money(value)))
            elif isinstance(value, int | str):
                said.append((name, self.day(value) if isinstance(value, str) else f"{value:,}"))
        return said

    def window(self, given: Mapping[str, str | None]) -> str:
        """A window, given as JSON has it: `from 2021-08-01 to 2025-12-25`, or `2021년 8월 1일~2025년 12월 25일`."""
        ends = (given["start"], given["end"])
        start, end = (date.fromisoformat(one) if one else None for one in ends)
        return str(shown(Window(start, end), self.language))

    def days(self, given: Mapping[str, str]) -> str:
        """A closed window as its first and last day, shorter where it is a whole year or quarter."""
        window = Window(*(date.fromisoformat(given[one]) for one in ("start", "end")))
        return str(shown(Days(window), self.language))

    def change(self, fraction: float) -> str:
        """A change, given as a fraction: `up 74%`."""
        percent = f"{abs(fraction):.1%}".replace(".0%", "%")
        kind = "up" if fraction > 0 else "down" if fraction < 0 else "unchanged"
        return self.plain(f"organization.{kind}", **({} if kind == "unchanged" else {"percent": percent}))

    @staticmethod
    def beside(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> list[tuple[int, Any, Any]]:
        """The years of two organizations side by side, the latest first; None where one has nothing."""
        left, right = ({y["year"]: y for y in some} for some in (one, other))
        return [(year, left.get(year), right.get(year)) for year in sorted(left.keys() | right.keys(), reverse=True)]

    def filing_period(self, year: int, name: str) -> str:
        """A reporting period as the API names it: 2021 and `third_quarter`."""
        return self.period(f"{year} {PERIODS[name]}") if name in PERIODS else f"{year} {name.replace('_', ' ')}"

    def money(self, dollars: float | None) -> str:
        """US dollars as the language prints them; nothing for None."""
        return "" if dollars is None else texts.dollars(round(dollars * 100), self.language)

    def day(self, value: date | str | None) -> str:
        """A day, or the day of a time, as the language prints it; nothing for None."""
        return texts.day(value[:10] if isinstance(value, str) else value, self.language) if value else ""

    def period(self, label: str | None) -> str:
        """A reporting period, given as `2021 Q3`."""
        return texts.period(label or "", self.language)


def _shown(value: Any, language: Language) -> Any:
    return value if isinstance(value, Markup) else shown(value, language)
