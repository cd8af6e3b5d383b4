"""Claims of a rank: "the largest spender", "third among tech companies", "one of the top ten"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.model.money import dollars
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.comparators import Figure
from lobbyx.verdicts.evidence import RANKED, Ranking
from lobbyx.verdicts.explanation import Both, Cents, Compared, Listed, Place, Word
from lobbyx.verdicts.findings import no_reports, outcome
from lobbyx.verdicts.subject import Subject


def holds(claim: Claim, rankings: Mapping[Method, Ranking]) -> bool:
    """Whether the claimed rank is the organization's by the LDA's own way of counting."""
    return "lda" in rankings and _figure(claim).satisfied(rankings["lda"].place)


def _figure(claim: Claim) -> Figure:
    return Figure(round(claim.value or 1), 1, claim.comparator)


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a rank among the organizations on file."""
    rankings: dict[Method, Ranking] = {}
    for method in RANKED:
        if place := subject.ranking(claim.window, as_of, method):
            rankings[method] = place
        if holds(claim, rankings):  # then other ways of counting do not matter
            break
    return judge_rank(claim, subject.total(claim.window, as_of), rankings, filings=subject.filings_on_file)


def judge_rank(claim: Claim, total: Total, rankings: Mapping[Method, Ranking], *, filings: int) -> Verdict:
    """The verdict on a rank among the organizations on file.

    Who belongs to a group ("tech companies") filings do not say: the claim holds where nobody on file outside what it
    allows is above it, is refuted where too few are above it in all, and is unverifiable where those above it may
    belong to another group.
    """
    if not total.reports or "lda" not in rankings:
        return no_reports(claim, total)
    own = rankings["lda"]
    figure = _figure(claim)
    group = claim.detail.get("group")
    known = {m: rankings[m] for m in METHODS if m in rankings}
    under = tuple(m for m, ranking in known.items() if figure.satisfied(ranking.place))
    sentences: list[Sentence] = [
        (
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
    ]
    if own.above:
        names = tuple(Both("{name} ({sum})", "{name}({sum})", {"name": n, "sum": Cents(s)}) for n, s in own.above)
        sentences.append(("rank_above", {"names": Listed(names)}))
    found = {
        "place": own.place,
        "among": own.among,
        "reported": dollars(own.reported),
        "above": [{"organization": name, "reported": dollars(s)} for name, s in own.above],
        "places": {m: ranking.place for m, ranking in known.items()},
    }
    partial: Sentence = ("rank_partial", {"filings": filings})
    alone = own.among < 2
    # With a group, those above may not belong to it; a place better than claimed cannot come from that.
    if alone or (group and "lda" not in under and own.place > figure.value):
        reason: Sentence = ("rank_group", {"group": group}) if group and not alone else partial
        said = (*sentences, reason, *([partial] if reason != partial else []), ("cannot", {}))
        return Verdict(claim, "unverifiable", said, total.as_of, total=total, reason="no_comparison", found=found)
    result = outcome({"lda": "yes" if "lda" in under else "no"}, under)
    claimed = {"claimed": Compared(claim.comparator, Place(figure.value))}
    sentences += [("borne_out" if result == "supported" else "not_borne_out", claimed), partial]
    return Verdict(claim, result, tuple(sentences), total.as_of, under, total=total, found=found)
