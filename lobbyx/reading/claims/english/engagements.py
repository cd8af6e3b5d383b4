"""Claims about firms and topics in an English sentence: who was hired or paid, and what was lobbied on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lobbyx.model.bills import find_bills
from lobbyx.model.claim import Claim
from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.english.statements import CONDITIONAL, Parts, statement
from lobbyx.reading.claims.english.words import pattern
from lobbyx.reading.claims.mentions import Figure, Name

_FIRM = re.compile(
    r"(?i)\b(?:firm|llp|llc|partners|strategies|strategy|group|advisors|advisers|associates|public\saffairs|advocacy"
    r"|consulting|law|solutions"
    r"|government\s(?:affairs|relations)|hauer|schreck|shop|counsel|policy|federal|gump|patton|knight)\b|&"
)


def read(parts: Parts) -> list[Claim]:
    """Hirings and issues of a sentence without a sum."""
    return [*_hirings(parts), *_issues(parts)]


def hired(parts: Parts) -> list[Claim]:
    """The hirings of a sentence that does not speak of lobbying; each lacks that."""
    found = _hirings(parts)
    return [
        replace(c, missing=(*c.missing, "lobbying")) for c in found if _LOBBYING_FIRM.search("The " + c.detail["firm"])
    ]


_ENGAGES = re.compile(
    r"(?:paid|pays|hired|hires|retained|retains|engaged|enlisted|tapped|signed|earned|received|collected"
    r"|was paid)\b.{0,80}"
)


def may_hold(sentence: str) -> bool:
    """Whether a sentence tells of a firm that was hired or paid, so that alone it need not speak of lobbying."""
    m = _ENGAGES.search(sentence)
    return m is not None and _LOBBYING_FIRM.search(sentence) is not None


_LOBBYING_FIRM = re.compile(
    r"(?:[A-Z][\w.&’'-]+\s){1,4}(?:Partners|Strategies|Strategy|Advisors|Advisers|Associates|Public Affairs|Advocacy"
    r"|Consulting|Government (?:Affairs|Relations)|Group|LLP|Counsel)\b|\bAkin Gump\b|\bSquire Patton Boggs\b"
    r"|\bHolland & Knight\b"
)


def paid(scene: Scene, places: Sequence[Place], claims: Sequence[Claim]) -> list[Claim]:
    """The claims of figures, those that were paid to a named firm as hirings: "paid Cypress Advocacy $40,000"."""
    result = []
    for place, claim in zip(places, claims, strict=True):
        found = _earned(scene, place.figure) or _paid_firm(scene, place.figure)
        if claim.kind != "spend" or found is None:
            result.append(claim)
            continue
        firm, payer = found
        start, end = min(claim.start, firm.start), max(claim.end, firm.end)
        org = payer or (claim.org if claim.org != firm.name else scene.context.org)
        missing = tuple(m for m in claim.missing if m != "org" or org is None)
        unsure_of = tuple(name for name in claim.unsure_of if name != "org")
        result.append(
            replace(
                claim,
                kind="hired",
                org=org,
                detail={"firm": firm.name},
                missing=missing,
                sure=not unsure_of,
                unsure_of=unsure_of,
                otherwise={name: other for name, other in claim.otherwise.items() if name in unsure_of},
                start=start,
                end=end,
                text=scene.sentence[start:end],
            )
        )
    return result


def is_engagement(scene: Scene, figure: Figure) -> bool:
    """Whether a figure was paid to a firm that is named and looks like one, or earned by it from a client."""
    found = _earned(scene, figure) or _paid_firm(scene, figure)
    return found is not None and _LOBBYING_FIRM.search("The " + found[0].name) is not None


def _paid_firm(scene: Scene, figure: Figure) -> tuple[Name, str | None] | None:
    """ "paid Cypress Advocacy $40,000", "paid $40,000 to Cypress Advocacy": the firm, and who paid it."""
    sentence = scene.sentence
    named = [n for n in scene.names if n.kind == "name"]
    before = next((n for n in reversed(named) if n.end <= figure.start), None)
    start = figure.span[0]
    verb = before and re.search(r"(?i)\bpa(?:id|ys?|ying)\s(?:the\s)?(?:[\w-]+\s){0,4}$", sentence[: before.start])
    if before and verb and re.fullmatch(r"(?i)[\s,]*(?:another|a total of)?\s*", sentence[before.end : start]):
        if any(verb.start() < n.start < before.start for n in named):
            return None  # one sum for two firms: it stays what the client spent
        payer = next((n.name for n in reversed(named) if n.end <= verb.start()), None)
        return before, payer or scene.context.org
    if re.search(r"(?i)\bpa(?:id|ys?|ying)\b[^,;]{0,25}$", sentence[: figure.start]):
        after = re.match(r"\sto\s(?:the\s)?(?:[a-z-]+\s){0,4}", sentence[figure.end :])
        if after:
            firm = next((n for n in named if n.start == figure.end + after.end()), None)
            if firm and not (_FIRM.search(firm.name) or re.search(r"(?i)\b(?:firms?|shop)\b", after.group())):
                return None
            payer = next((n.name for n in reversed(named) if n.end <= figure.start), None)
            return (firm, payer or scene.context.org) if firm else None
    return None


def _earned(scene: Scene, figure: Figure) -> tuple[Name, str | None] | None:
    """ "Ballard Partners earned $250,000 from Coupang": the firm, and its client."""
    sentence = scene.sentence
    named = [n for n in scene.names if n.kind == "name"]
    head = sentence[: figure.start]
    if not re.search(r"(?i)\b(?:earned|received|collected|took in|was paid|were paid|made|billed)\b[^,;]{0,25}$", head):
        return None
    client = re.match(
        r"(?i)(?:\s(?:in|of)\s(?:[\w-]+\s){0,3}(?:fees|income|revenue|payments))?\s(?:from|by|for|lobbying for"
        r"|working for|representing)\s(?:the\s)?(?-i:(?:[a-z-]+\s){0,3})",
        sentence[figure.end :],
    )
    firm = next((n for n in reversed(named) if n.end <= figure.start and _FIRM.search(n.name)), None)
    payer = next((n for n in named if client and n.start == figure.end + client.end()), None)
    return (firm, payer.name) if firm and payer else None


def _hirings(parts: Parts) -> Iterator[Claim]:
    named = [n for n in parts.scene.names if n.kind == "name"]
    for m in pattern("statements", "hires").finditer(parts.sentence):
        if CONDITIONAL.search(parts.sentence[max(0, m.start() - 40) : m.start()]):
            continue
        firm = next((n for n in named if m.end() <= n.start <= m.end() + 60), None)
        if firm is None or ";" in parts.sentence[m.end() : firm.start]:
            continue
        between = parts.sentence[m.end() : firm.start]
        if not (_FIRM.search(firm.name) or re.search(r"(?i)\b(?:firms?|shop|lobby\w*\spowerhouse)\b", between)):
            continue
        yield statement(
            parts, "hired", (m.start(), firm.end), None, detail={"firm": firm.name}, org=_before(parts, m.start())
        )
    for m in re.finditer(
        r"(?i)\b(?:was|were|been)\s(?:retained|hired|engaged|tapped|enlisted)\sby\s(?:the\s)?", parts.sentence
    ):
        client = next((n for n in named if n.start == m.end()), None)
        firm = next((n for n in reversed(named) if n.end <= m.start()), None)
        if client and firm:
            yield statement(parts, "hired", (firm.start, client.end), None, detail={"firm": firm.name}, org=client.name)


def _before(parts: Parts, place: int) -> str | None:
    found = [n for n in parts.scene.names if n.end <= place and n.kind == "name"]
    return found[-1].name if found else parts.scene.context.org


_LOBBIED = re.compile(r"(?i)\blobb(?:ied|ying|ies|y)\b")
_ON = re.compile(
    r"(?i)(?<!were\s)(?<!was\s)(?<!been\s)(?<!being\s)\blobbied\s(?:[\w.’'-]+\s){0,6}?(?:on|about|over|against"
    r"|regarding|in\sfavor\sof)\s"
    r"(?:issues\s(?:related\sto|of|including)\s)?(?P<what>(?-i:(?:the\s)?(?:[A-Z][\w’'-]*,?\s(?:(?:with|of|for|and"
    r"|to|the|on|in)\s)*)+Act\b)"
    r"|(?:the\s)?(?:[A-Z]\.){1,3}[\w’'-]*(?:\s[\w’'-]+){0,5}?|(?:the\s)?[\w’'-]+(?:\s[\w’'-]+){0,5}?)"
    r"(?P<more>(?:,\s(?!(?:and|which|who|according|as|after|while|but)\b)[\w’'.-]+(?:\s[\w’'-]+){0,3}?)*,?\s(?:and"
    r"|or)\s(?!(?:its|it|they|spent|paid)\b)[\w’'-]+(?:\s[\w’'-]+){0,3}?)?"
    r"(?=\s(?:in|during|last|this|since|between|from|before|after|as|that|which|who|to|by|with|through)\b|,\s(?:and"
    r"|but|which|who|according|as|after|while|spending)\b|[.;:](?:\s|$)|,|$)"
)


def _issues(parts: Parts) -> Iterator[Claim]:
    sentence = parts.sentence
    lobbied = _LOBBIED.search(sentence)
    if lobbied is None or CONDITIONAL.search(sentence[max(0, lobbied.start() - 30) : lobbied.start()]):
        return
    org = _lobbies(parts, lobbied.start())
    bills = [(b.text, b.end) for b in find_bills(sentence) if b.start > lobbied.start()]
    agencies = [
        (m.group(), m.end())
        for m in pattern("statements", "agencies").finditer(sentence)
        if m.start() > lobbied.start()
    ]
    for key, found in (("bill", bills), ("agency", agencies)):
        for named, end in found:
            yield statement(parts, "issue", (lobbied.start(), end), None, detail={key: named}, org=org)
    on = _ON.search(sentence)
    if on is None or bills or agencies or not _before(parts, on.start()):
        return
    whole = on["what"] + (on["more"] or "")
    for topic in (
        re.split(r",\s(?:and\s|or\s)?|\s(?:and|or)\s(?![A-Z][\w’'-]*\s(?:[A-Za-z’'-]+\s){0,6}Act\b)", whole)
        if on["more"]
        else [on["what"]]
    ):
        said = topic.removeprefix("the ").strip()
        if said and not pattern("statements", "dull_topics").fullmatch(said):
            yield statement(parts, "issue", (on.start(), on.end()), None, detail={"topic": said}, org=org)


def _lobbies(parts: Parts, place: int) -> str | None:
    """Who lobbies: "Coupang hired Ballard Partners to lobby" is of Coupang."""
    hires = pattern("statements", "hires").search(parts.sentence[:place])
    return _before(parts, hires.start()) if hires else _before(parts, place)
