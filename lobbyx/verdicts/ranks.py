"""Claims of a rank: "the largest spender", "third among tech companies", "one of the top ten"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from lobbyx.ingest.coverage import together
from lobbyx.model.claim import Claim
from lobbyx.model.money import dollars
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Method, Organization, Total
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import groups
from lobbyx.organizations.groups import Group
from lobbyx.verdicts import evidence
from lobbyx.verdicts.comparators import Figure, Range
from lobbyx.verdicts.evidence import RANKED, Ranking
from lobbyx.verdicts.explanation import Both, Cents, Compared, Listed, Place, Word
from lobbyx.verdicts.findings import accounting, missing, no_reports, none_filed, not_over, settle, unverifiable
from lobbyx.verdicts.groups import MOST_NAMED as MOST_MEMBERS_NAMED
from lobbyx.verdicts.groups import GroupSubject
from lobbyx.verdicts.subject import Lacking, Subject


def holds(claim: Claim, rankings: Mapping[Method, Ranking]) -> bool:
    """Whether the claimed rank is the organization's by the law's own accounting."""
    return "lda" in rankings and _figure(claim).satisfied(rankings["lda"].place)


def _figure(claim: Claim) -> Figure:
    high = None if claim.high is None else round(claim.high)
    return Figure(round(claim.value or 1), 1, claim.comparator, "number", high)


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a rank among the organizations on file."""
    group = claim.detail.get("group")
    if group and (known := groups.find(subject.db, groups.whole(str(group)))):
        return judge_within(claim, subject, known, as_of)
    total = subject.total(claim.window, as_of)
    lacking = subject.lacking(claim.window, as_of)
    rankings: dict[Method, Ranking] = {}
    if lacking is None:
        for method in RANKED:
            if place := subject.ranking(claim.window, as_of, method):
                rankings[method] = place
            if holds(claim, rankings):  # then other ways of counting do not matter
                break
    elif total.reports:
        rankings["lda"] = subject.certainly_above(total)
    return judge_rank(claim, total, rankings, lacking=lacking)


def judge_within(claim: Claim, subject: Subject, group: Group, as_of: date) -> Verdict:
    """The verdict on a rank among the members of a known group, each counted as in the group's total.

    It is a place only where every member's total is determined; else who certainly is above can refute it.
    """

    def opened(organization: Organization) -> Subject:
        return Subject(subject.db, organization, subject.newest, subject.with_subsidiaries, subject.knowledge)

    own = subject.total(claim.window, as_of)
    shares = GroupSubject(opened, group, subject.newest, subject.knowledge).shares(claim.window, as_of)
    if not any(part.organization and part.organization.id == subject.organization.id for part, _ in shares):
        values = {"org": subject.organization.name, "group": group.name}
        return unverifiable(claim, as_of, "group_no_member", values, own)
    others = [t for part, t in shares if not part.organization or part.organization.id != subject.organization.id]
    open_periods = [one for other in others for one in other.undetermined if not other.determined]
    absent = None
    if open_periods or not group.listed:
        absent = subject.lacking(claim.window, as_of)
        command = together(other.command for other in others)
        absent = absent or (Lacking(claim.window, command) if open_periods else None)
    reported = own.methods["lda"].interval.reported

    def place(method: Method, mine: int, bound: str) -> Ranking:
        theirs = [(t.organization.name, getattr(t.methods[method].interval, bound)) for t in others]
        above = sorted((one for one in theirs if one[1] > mine), key=lambda one: (-one[1], one[0]))
        return Ranking(len(above) + 1, reported, tuple(above[: evidence.MOST_NAMED]), len(shares))

    if absent is None:
        rankings = {m: place(m, own.methods[m].interval.reported, "reported") for m in RANKED if own.methods[m].reports}
    else:
        rankings = {"lda": place("lda", own.methods["lda"].interval.high, "low")} if own.reports else {}
    plain = replace(claim, detail={key: value for key, value in claim.detail.items() if key != "group"})
    verdict = judge_rank(plain, own, rankings, lacking=absent)
    told: Sentence = ("rank_within", {"group": group.name, "names": Listed(tuple(_members(group)))})
    return replace(verdict, claim=claim, sentences=(*verdict.sentences, told))


def _members(group: Group) -> list[str]:
    names = [member.organizations[0].name if member.organizations else member.name for member in group.members]
    return names[:MOST_MEMBERS_NAMED]


def judge_rank(
    claim: Claim, total: Total, rankings: Mapping[Method, Ranking], *, lacking: Lacking | None = None
) -> Verdict:
    """The verdict on a rank among the organizations on file.

    `lacking` are the periods of which not everybody's reports are known to be on file (None: all are). Then `rankings`
    has by `lda` alone who is above the organization by what is on file at least, and a place can be refuted by those,
    never confirmed.

    Who belongs to a group ("tech companies") filings do not say: the claim holds where nobody on file outside what it
    allows is above it, is refuted where too few are above it in all, and is unverifiable where those above it may
    belong to another group.
    """
    group = claim.detail.get("group")
    over = not_over(claim.window, total)
    if not total.reports or "lda" not in rankings:
        if none_filed(total):
            values = {"org": total.organization.name, "window": total.window, "as_of": total.as_of}
            return unverifiable(claim, total.as_of, "none_filed", values, total)
        return no_reports(claim, total)
    own = rankings["lda"]
    figure = _figure(claim)
    known = {m: rankings[m] for m in METHODS if m in rankings}
    sentences: list[Sentence] = [_place(total, own)] if lacking is None else []
    if own.above:
        names = tuple(Both("{name} ({sum})", "{name}({sum})", {"name": n, "sum": Cents(s)}) for n, s in own.above)
        sentences.append(("rank_above", {"names": Listed(names)}))
    found = {
        "place": own.place if lacking is None else None,
        "at_least": own.place,
        "among": own.among,
        "reported": total.methods["lda"].reported,
        "above": [{"organization": name, "reported": dollars(s)} for name, s in own.above],
        "places": {m: ranking.place for m, ranking in known.items()} if lacking is None else {},
    }
    claimed = {"claimed": Compared(claim.comparator, Place(figure.value))}
    if over or not total.determined:
        reason = "period_not_over" if over else "undetermined"
        told = [("period_not_over", {"as_of": total.as_of})] if over else missing(total)
        said = (*sentences, *told)
        return Verdict(claim, "unverifiable", said, total.as_of, total=total, reason=reason, found=found)
    if lacking is not None:
        # Those above by what is on file at least stay above whatever else is filed.
        if not group and figure.holds(Range(own.place, own.place, None)) == "no":
            said = (accounting(total), *sentences, ("not_borne_out", claimed))
            return Verdict(claim, "refuted", said, total.as_of, total=total, found=found)
        group_too: list[Sentence] = [("rank_group", {"group": group})] if group else []
        bring: list[Sentence] = [("bring", {"command": lacking.command})] if lacking.command else []
        said = (*sentences, *group_too, ("rank_unknown", {"window": total.window}), *bring)
        return Verdict(claim, "unverifiable", said, total.as_of, total=total, reason="undetermined", found=found)
    under = tuple(m for m, ranking in known.items() if figure.satisfied(ranking.place))
    # With a group, those above may not belong to it; a place better than claimed cannot come from that.
    if group and "lda" not in under and own.place > figure.value:
        said = (*sentences, ("rank_group", {"group": group}), ("cannot", {}))
        return Verdict(claim, "unverifiable", said, total.as_of, total=total, reason="no_comparison", found=found)
    result = settle(claim, total, {"lda": "yes" if "lda" in under else "no"}, under).outcome
    sentences.append(("borne_out" if result == "supported" else "not_borne_out", claimed))
    return Verdict(claim, result, tuple(sentences), total.as_of, under, total=total, found=found)


def _place(total: Total, own: Ranking) -> Sentence:
    return (
        "rank",
        {
            "window": total.window,
            "as_of": total.as_of,
            "org": total.organization.name,
            "sum": Cents(own.reported),
            "place": Place(own.place),
            "n": Word("organizations", own.among),
        },
    )
