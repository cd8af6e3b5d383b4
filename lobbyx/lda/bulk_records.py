"""One filing of the Senate's archive -> the object the API would send for it.

What each attribute becomes was checked on filings that are on hand from both sources:
- `ID` is `filing_uuid`, `RegistrantID` the registrant's id. A client has the registrant's own number (`ClientID`) and a
  lobbyist a name: both get an id of their own (`bulk_terms.negative_id`), until the API's record is on file.
- `Received` is Washington time. `Amount` is expenses where the filer is its own client, else income.
- Lobbyists and agencies are listed for the whole filing, so each activity has all of them, as the API has them in
  filings before 2008. Where a filing names them but no issue, they stand in one activity without an issue.
- The address is the registrant's as the archive was made, not the filing's. `IsStateOrLocalGov` is TRUE on 94% of the
  filings where the API says no: not used. `ContactFullname` and `ActivityInformation` have no counterpart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from html import unescape
from typing import Any, Final
from zoneinfo import ZoneInfo

from lobbyx.lda.bulk_terms import code, government_entity, kinds, negative_id, squeezed

WASHINGTON: Final = ZoneInfo("America/New_York")
FIRST_QUARTERLY_YEAR: Final = 2008
_STANDARD_TIME: Final = timezone(timedelta(hours=-5))
_QUARTERS: Final = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
_LAST_LINE: Final = re.compile(r"(.*), ([A-Z]{2}) +([0-9][0-9-]*)?")
_NUMBER: Final = re.compile(r"[0-9]{1,11}(\.[0-9]{1,2}0*)?")
_NICKNAME: Final = re.compile(r"[\"(]([^\")]*)[\")]?")

Attributes = Mapping[str, str]
Children = Mapping[str, list[Attributes]]
"""The elements inside a filing by tag, with their attributes (`Lobbyist`, not `Lobbyists`)."""


class Misfit(ValueError):
    """A filing that cannot be put into the API's shape; the message says why."""


def raw_filing(filing: Attributes, inside: Children) -> tuple[str, dict[str, Any]]:
    """The kind of record (`filing` or `contribution`) and the object. Raises Misfit."""
    words = filing.get("Type", "")
    kind = kinds().get(squeezed(words))
    if kind is None:
        raise Misfit(f"field Type: {words[:60]!r} is not a type this version knows")
    registrants = inside.get("Registrant", ())
    if len(registrants) != 1:
        raise Misfit("has no registrant, or several")
    registrant = _registrant(registrants[0])
    year = _whole(filing.get("Year", ""), "Year")
    received = filing.get("Received", "")
    moment = _moment(received)
    raw: dict[str, Any] = {
        "filing_uuid": filing.get("ID", "").lower(),
        "filing_type": kind.filing_type,
        "filing_year": year,
        "filing_period": kind.filing_period or _period(year, moment, filing.get("RegistrationEffectiveDate", "")),
        "dt_posted": moment.isoformat(),
        "registrant": registrant,
    }
    if kind.is_contribution:
        return "contribution", raw | _contribution(filing, inside, registrant["id"])
    return "filing", raw | _report(filing, inside, registrant)


def _report(filing: Attributes, inside: Children, registrant: dict[str, Any]) -> dict[str, Any]:
    """What an LD-1 or LD-2 has beyond the head."""
    clients = inside.get("Client", ())
    if len(clients) != 1:
        raise Misfit("has no client, or several")
    client = clients[0]
    name = client.get("ClientName", "").strip()
    own = client.get("SelfFiler") == "TRUE" or _letters(name) == _letters(registrant["name"] or "")
    amount = filing.get("Amount", "").strip() or None
    url = filing.get("AffiliatedOrgsURL", "").strip() or None
    return {
        "income": None if own else amount,
        "expenses": amount if own else None,
        "termination_date": _day(filing.get("TerminationEffectiveDate", "")),
        "client": _client(client, name, registrant["id"], filing.get("RegistrationEffectiveDate", "")),
        "lobbying_activities": _activities(inside, registrant["id"]),
        "foreign_entities": [_foreign_entity(entity) for entity in inside.get("Entity", ())],
        "affiliated_organizations": [
            {
                "name": org.get("AffiliatedOrgName"),
                "url": url,
                "country": code("countries", org.get("AffiliatedOrgCountry", "")),
                "ppb_country": code("countries", org.get("AffiliatedOrgPPBCcountry", "")),
            }
            for org in inside.get("Org", ())
        ],
    }


def _contribution(filing: Attributes, inside: Children, registrant: int) -> dict[str, Any]:
    """What an LD-203 has beyond the head; the archive has no PACs, and a report without contributions says "none"."""
    lobbyist = next(iter(inside.get("Lobbyist", ())), None)
    items = [
        {
            "contribution_type": code("contribution_item_types", item.get("ContributionType", "")),
            "contributor_name": item.get("Contributor"),
            "payee_name": item.get("Payee"),
            "honoree_name": item.get("Honoree"),
            "amount": item.get("Amount", "").strip() or None,
            "date": _day(item.get("ContributionDate", "")),
        }
        for item in inside.get("Contribution", ())
    ]
    return {
        "filer_type": "organization" if lobbyist is None else "lobbyist",
        "comments": filing.get("Comments", "").strip() or None,
        "no_contributions": not items,
        "lobbyist": None if lobbyist is None else person(registrant, lobbyist.get("LobbyistName", "")),
        "contribution_items": items,
    }


def _registrant(given: Attributes) -> dict[str, Any]:
    lines = [line.strip() for line in given.get("Address", "").splitlines() if line.strip()]
    place = _LAST_LINE.fullmatch(lines[-1]) if lines else None
    streets = [*(lines[:-1] if place else lines)[:4], None, None, None, None]
    return {
        "id": _whole(given.get("RegistrantID", ""), "RegistrantID"),
        "name": given.get("RegistrantName", "").strip() or None,
        "description": given.get("GeneralDescription") or None,
        "address_1": streets[0],
        "address_2": streets[1],
        "address_3": streets[2],
        "address_4": streets[3],
        "city": place[1] if place else None,
        "state": place[2] if place else None,
        "zip": place[3] if place else None,
        "country": code("countries", given.get("RegistrantCountry", "")),
        "ppb_country": code("countries", given.get("RegistrantPPBCountry", "")),
    }


def _client(given: Attributes, name: str, registrant: int, effective: str) -> dict[str, Any]:
    number = given.get("ClientID", "").strip()
    return {
        "id": negative_id("client", registrant, number or _letters(name)),
        "client_id": number or None,
        "name": name or None,
        "general_description": given.get("GeneralDescription") or None,
        "client_self_select": {"TRUE": True, "FALSE": False}.get(given.get("SelfFiler", "")),
        "state": code("states", given.get("ClientState", "")),
        "country": code("countries", given.get("ClientCountry", "")),
        "ppb_state": code("states", given.get("ClientPPBState", "")),
        "ppb_country": code("countries", given.get("ClientPPBCountry", "")),
        "effective_date": _day(effective),
    }


def _activities(inside: Children, registrant: int) -> list[dict[str, Any]]:
    lobbyists = [
        {
            "lobbyist": person(registrant, one.get("LobbyistName", "")),
            "covered_position": unescape(one.get("OfficialPosition", "")).strip() or None,
            "new": None,
        }
        for one in inside.get("Lobbyist", ())
    ]
    entities = []
    for agency in inside.get("GovernmentEntity", ()):
        if agency.get("GovEntityName", "").strip():
            identifier, name = government_entity(agency["GovEntityName"])
            entities.append({"id": identifier, "name": name})
    issues = [
        (code("issue_codes", issue.get("Code", "")), issue.get("Code"), issue.get("SpecificIssue") or None)
        for issue in inside.get("Issue", ())
    ]
    if not issues and (lobbyists or entities):
        issues = [(None, None, None)]
    return [
        {
            "general_issue_code": issue,
            "general_issue_code_display": name,
            "description": description,
            "lobbyists": lobbyists,
            "government_entities": entities,
        }
        for issue, name, description in issues
    ]


def _foreign_entity(given: Attributes) -> dict[str, Any]:
    return {
        "name": given.get("ForeignEntityName"),
        "contribution": _number(given.get("ForeignEntityContribution", "")),
        "ownership_percentage": _number(given.get("ForeignEntityOwnershipPercentage", "")),
        "country": code("countries", given.get("ForeignEntityCountry", "")),
        "ppb_country": code("countries", given.get("ForeignEntityPPBcountry", "")),
    }


@lru_cache(maxsize=100_000)
def person(registrant: int, name: str) -> dict[str, Any]:
    """A lobbyist from "LAST, FIRST MIDDLE JR", of one registrant, in capitals as the API has them."""
    last, _, rest = squeezed(name).partition(",")
    nickname = _NICKNAME.search(rest)
    words = _NICKNAME.sub(" ", rest).split()
    prefix = suffix = None
    if len(words) > 1 and (prefix := _title("lobbyist_prefixes", words[-1])):
        words.pop()
    if len(words) > 1 and (suffix := _title("lobbyist_suffixes", words[-1])):
        words.pop()
    first, middle = (words[0] if words else None), " ".join(words[1:])
    found = {
        "prefix": prefix,
        "first_name": first,
        "nickname": nickname[1].strip() or None if nickname else None,
        "middle_name": middle or None,
        "last_name": last.strip(),
        "suffix": suffix,
    }
    return {"id": negative_id("lobbyist", registrant, person_key(last, first, middle, suffix)), **found}


def _title(table: str, word: str) -> str | None:
    """The code of MR, JR, III and the like; single letters are initials."""
    plain = word.strip(".,")
    found = code(table, f"{plain}.") if table == "lobbyist_prefixes" else code(table, plain)
    return found if found and found.islower() and (len(plain) > 1) else None


def person_key(last: str | None, first: str | None, middle: str | None, suffix: str | None) -> str:
    """What two spellings of one lobbyist's name share: its letters, those of the last name apart."""
    given = "".join(part for part in (first, middle, suffix) if part)
    return f"{_letters(last or '')},{_letters(given)}"


@lru_cache(maxsize=100_000)
def _letters(text: str) -> str:
    """Letters and digits alone, in capitals."""
    return "".join(filter(str.isalnum, text.upper()))


def _period(year: int, received: datetime, effective: str) -> str:
    """The period of a registration or document: when it took effect, or else when it was received.

    Of a year that was over or yet to come by then, it is the last or the first one.
    """
    month = received.month if received.year == year else 12 if received.year > year else 1
    if effective[:4] == str(year):
        month = _whole(effective[5:7], "RegistrationEffectiveDate")
    if year < FIRST_QUARTERLY_YEAR:
        return "mid_year" if month <= 6 else "year_end"
    return _QUARTERS[min(max(month - 1, 0) // 3, 3)]


def _moment(received: str) -> datetime:
    """Washington time with its offset on that day."""
    try:
        found = datetime.fromisoformat(received)
    except ValueError:
        raise Misfit(f"field Received: {received[:40]!r} is not a date and time") from None
    # Before there were time zones, the rules of Washington give its sun time.
    zone = WASHINGTON if found.year > 1900 else _STANDARD_TIME
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _number(text: str) -> str | None:
    """A number out of a field that held free text on paper ("$1,500", "51%"); None where it holds words."""
    plain = text.strip(" $%").replace(",", "")
    return plain if _NUMBER.fullmatch(plain) else None


def _day(text: str) -> str | None:
    return text[:10] or None


def _whole(text: str, field: str) -> int:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise Misfit(f"field {field}: {text[:40]!r} is not a whole number")
    return int(plain)
