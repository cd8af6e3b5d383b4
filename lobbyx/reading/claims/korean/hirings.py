"""Korean claims of hirings and issues: which firm, which bill, agency or topic.

Such a claim is read only where its firm, agency, bill or topic can be named as the filings name it
(`data/reading/korean_names.toml`, or a Latin name in the text): filings know no Korean, so that a Korean name would be
missing from all of them and refute what may be true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lobbyx.model.claim import Claim
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.statements import stated
from lobbyx.reading.claims.korean.words import known

_HIRES = re.compile(r"계약|고용|선임|영입|기용|맡[기겼긴]|위임|손잡|의뢰|등록")
_ENDS = re.compile(r"해지|종료|끝[냈내]|결별|중단")
_FIRM_BEFORE = re.compile(r"(?:업체|회사|로펌|펌)\s")
_WITH_LATIN = re.compile(r"(?P<korean>[가-힣&\s]{2,30})\((?P<latin>[A-Z][^()]{3,50})\)")
_LATIN = re.compile(r"[A-Z][A-Za-z&.'-]+(?:\s(?:[A-Z&][A-Za-z&.'-]*|and|of)){0,4}")


def hirings(a: Analysis) -> Iterator[Claim]:
    """The hirings of firms that a sentence tells of."""
    if not _HIRES.search(a.sentence) or _ENDS.search(a.sentence):
        return
    for start, end, firm in _firms(a):
        hires = _HIRES.search(a.sentence, end, end + 40)
        if hires is not None and "." not in a.sentence[end : hires.start()]:
            yield stated(a, "hired", (start, end), None, detail={"firm": firm}, org=_client(a, start, end))


def _client(a: Analysis, start: int, end: int) -> str | None:
    """The first topic or subject before a firm, else the organization in mind."""
    named = [
        s.name
        for s in sorted(a.spenders, key=lambda s: s.start)
        if s.kind in ("name", "group")
        and not s.members
        and (s.end < start or s.start > end)
        and s.end <= end
        and a.units[s.unit].role in ("topic", "subject", "also")
    ]
    return named[0] if named else a.context.org


def _firms(a: Analysis) -> Iterator[tuple[int, int, str]]:
    """Lobbying firms, by their names as filed: "밀러 스트래티지스(Miller Strategies)"."""
    taken: list[tuple[int, int]] = []
    for found, name in known("firms"):
        for m in found.finditer(a.sentence):
            if not any(s < m.end() and e > m.start() for s, e in taken):
                taken.append(m.span())
                yield m.start(), m.end(), name
    for m in _WITH_LATIN.finditer(a.sentence):
        is_firm = _FIRM_BEFORE.search(a.sentence, max(0, m.start() - 12), m.start("latin"))
        start = is_firm.end() if is_firm else m.start()
        if is_firm and _LATIN.fullmatch(m["latin"]) and not any(s < m.end() and e > m.start() for s, e in taken):
            yield start, m.end(), m["latin"]


_BILL = re.compile(r"(?<![A-Za-z])(?:H\.?\s?R\.?|S\.)\s?[0-9]{1,5}(?![0-9])")
_LOBBIED = re.compile(
    r"로비(?:를|에|도|전을|활동을|에도|활동도)?\s?(?:했|한\s|하고|벌[였이인]|펼[쳤치친]|나섰|나선|진행|집중|강화|전개)"
)
_TO = re.compile(r"(?:을|를|도|까지)?\s?(?:상대로|대상으로|등을\s상대|등에)")
_ABOUT = re.compile(
    r"(?:\s?(?:\([^()]*\))?\s?(?:등|정책|문제|규제|관련|분야|이슈|법안|개정안|통과|협상|조항))*\s?(?:과|와|에|을|를|의)?\s?"
    r"(?:관련|대해|대한|위해|위한|두고|둘러싸|반대|놓고|막기|저지)"
)


def issues(a: Analysis) -> Iterator[Claim]:
    """The bills, agencies and topics that a sentence says were lobbied on."""
    lobbied = _LOBBIED.search(a.sentence)
    if lobbied is None:
        return
    end = lobbied.end()
    for bill in _BILL.finditer(a.sentence):
        yield stated(a, "issue", (bill.start(), end), None, detail={"bill": bill.group()})
    to = _TO.search(a.sentence)
    for found, name in known("agencies"):
        for agency in found.finditer(a.sentence):
            if to and agency.end() <= to.end() <= end and to.start() - agency.end() < 40:
                yield stated(a, "issue", (agency.start(), end), None, detail={"agency": name})
                break
    for found, name in known("topics"):
        topic = found.search(a.sentence)
        if topic and topic.end() <= lobbied.start() and _ABOUT.match(a.sentence[topic.end() :]):
            yield stated(a, "issue", (topic.start(), end), None, detail={"topic": name})
