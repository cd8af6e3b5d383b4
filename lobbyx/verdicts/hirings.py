"""Claims of a hiring: which firm, since when, for how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from lobbyx.accounting.counting import count_reports
from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import Total
from lobbyx.model.verdict import Verdict
from lobbyx.names import normalize
from lobbyx.verdicts.comparators import Figure, holds
from lobbyx.verdicts.evidence import Filing
from lobbyx.verdicts.explanation import Cents, Listed, Word
from lobbyx.verdicts.findings import UPPER_BOUNDS, claimed, conclusion, missing, none_filed, settle, unverifiable
from lobbyx.verdicts.subject import Subject


def called(filings: Iterable[Filing], said: str) -> list[list[Filing]]:
    """The filings of each firm that a text may call `said`: by its name, or by how that begins ("Akin Gump")."""
    wanted = normalize(said)
    outside = [(normalize(f.registrant), f) for f in filings if f.role == "outside"]
    equal = [f for name, f in outside if name == wanted]
    firms: defaultdict[int | str, list[Filing]] = defaultdict(list)
    for f in equal or [f for name, f in outside if name.startswith(f"{wanted} ")]:
        firms[f.firm_id or f.registrant].append(f)
    return list(firms.values())


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a firm's work for an organization in the window, and on what it was paid."""
    return judge_hiring(claim, subject.total(claim.window, as_of), subject.filings(claim.window, as_of))


def judge_hiring(claim: Claim, known: Total, filings: Sequence[Filing]) -> Verdict:
    """The verdict on a firm's work for an organization in the window, and on what it was paid.

    `known` tells what is known to be on file: that no filing names a firm refutes it only where that is everything.
    """
    organization, as_of = known.organization, known.as_of
    values = {"org": organization.name, "window": claim.window, "as_of": as_of}
    if not filings and not none_filed(known):
        nothing = unverifiable(claim, as_of, "no_reports", values, who=organization, known=known)
        return replace(nothing, sentences=(*nothing.sentences, *missing(known, all_of_it=True)))
    firm = str(claim.detail.get("firm") or "")
    matching = called(filings, firm)
    firms = sorted({f.registrant for f in filings if f.role == "outside"})
    if len(matching) > 1:
        names = sorted({some[-1].registrant for some in matching})
        told = {"firm": firm, "org": organization.name, "names": Listed(tuple(names))}
        evidence = tuple(f.evidence for some in matching for f in some)
        return unverifiable(
            claim,
            as_of,
            "ambiguous_firm",
            told,
            who=organization,
            known=known,
            found={"firms": firms, "candidates": names},
            filings=evidence,
        )
    if not matching:
        return _not_hired(claim, known, firm, firms)
    found = matching[0]
    name = found[-1].registrant
    about = {"firm": name, "org": organization.name, "n": Word("filings", len(found)), "as_of": as_of}
    sentences: list[Sentence] = [("hired", {**about, "first": found[0].posted, "last": found[-1].posted})]
    told_of: dict[str, object] = {
        "firm": name,
        "filings": len(found),
        "firms": firms,
        "first_posted": found[0].posted.isoformat(),
        "last_posted": found[-1].posted.isoformat(),
    }
    evidence = tuple(f.evidence for f in found)
    if claim.value is None:
        sentences.append(("borne_out", {"claimed": firm}))
        return Verdict(
            claim, "supported", tuple(sentences), as_of, who=organization, found=told_of, filings=evidence, known=known
        )
    return _paid(claim, known, found, sentences, told_of)


def _not_hired(claim: Claim, known: Total, firm: str, firms: Sequence[str]) -> Verdict:
    values = {"org": known.organization.name, "window": claim.window, "as_of": known.as_of, "firm": firm}
    sentences: list[Sentence] = [("not_hired", values)]
    sentences += [("firms_on_file", {"names": Listed(tuple(firms))})] if firms else []
    settled = settle(claim, known, {"lda": "no" if known.complete and known.states else "open"}, ())
    if settled.reason == "period_not_over":
        sentences.append(("period_not_over", {"as_of": known.as_of}))
    elif settled.outcome == "unverifiable":
        sentences += missing(known, all_of_it=True) or [("cannot", {})]
    return Verdict(
        claim,
        settled.outcome,
        tuple(sentences),
        known.as_of,
        who=known.organization,
        reason=settled.reason,
        found={"firms": list(firms)},
        known=known,
    )


def _paid(
    claim: Claim, known: Total, filings: Sequence[Filing], sentences: list[Sentence], told: dict[str, object]
) -> Verdict:
    """The verdict on what a firm was paid: its reports, of which some may not be on file."""
    latest = [f.report for f in filings if f.report and f.status == "latest"]
    every_period = {s.period for s in known.states if s.state != "not_due"} <= {r.period for r in latest}
    paid = replace(count_reports(latest), determined=known.complete or every_period)
    key = "hired_paid" if paid.determined else "hired_paid_at_least"
    bounds = {bound: Cents(getattr(paid.interval, bound)) for bound in ("low", "high")}
    sentences.append((key, {"sum": Cents(paid.interval.reported), "window": claim.window, **bounds}))
    answer = holds(claim, paid)
    if not paid.determined and not Figure.of(claim).is_bound:
        answer = "open"
    if answer == "no" and not known.complete and claim.comparator not in UPPER_BOUNDS:
        answer = "open"  # only coverage refutes a hiring
    settled = settle(claim, replace(known, methods={**known.methods, "lda": paid}), {"lda": answer}, ())
    said = {"claimed": claimed(claim)}
    sentences += conclusion(settled, said, known.as_of, missing(known, all_of_it=True) or [("amendment_unknown", {})])
    return Verdict(
        claim,
        settled.outcome,
        tuple(sentences),
        known.as_of,
        ("outside",) if answer == "yes" else (),
        who=known.organization,
        reason=settled.reason,
        found={**told, **paid.json()},
        filings=tuple(f.evidence for f in filings),
        known=known,
    )
