"""Claims of a rank: "the largest spender", "third among tech companies", "one of the top ten"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.model.money import dollars
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.comparators import Figure, Range
from lobbyx.verdicts.evidence import RANKED, Ranking
from lobbyx.verdicts.explanation import Both, Cents, Compared, Listed, Place, Word
from lobbyx.verdicts.findings import accounting, missing, no_reports, none_filed, not_over, settle, unverifiable
from lobbyx.verdicts.subject import Lacking, Subject


def holds(claim: Claim, rankings: Mapping[Method, Ranking]) -> bool:
    """Whether the claimed rank is the organization's by the LDA's own way of counting."""
    return "lda" in rankings and _figure(claim).satisfied(rankings["lda"].place)


def _figure(claim: Claim) -> Figure:
    high = None if claim.high is None else round(claim.high)
    return Figure(round(claim.value or 1), 1, claim.comparator, "number", high)


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a rank among the organizations on file."""
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
