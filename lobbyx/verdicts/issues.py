"""Claims of what was lobbied on: a bill, an agency, a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.evidence import Filing, Topic, names_agency, names_bill, names_topic
from lobbyx.verdicts.findings import Settled, missing, none_filed, settle, unverifiable
from lobbyx.verdicts.subject import Subject


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a bill, agency or topic: whether a filing in the window names it."""
    filings = subject.filings(claim.window, as_of)
    return judge_issue(claim, subject.total(claim.window, as_of), filings, subject.topics(filings))


def judge_issue(claim: Claim, known_: Total, filings: Sequence[Filing], topics: Sequence[Topic]) -> Verdict:
    """The verdict on a bill, agency or topic: whether a filing in the window names it.

    `known_` tells what is known to be on file. That no filing names it refutes it only where all that was posted is on
    file, with its activities.
    """
    organization, as_of = known_.organization, known_.as_of
    values = {"org": organization.name, "window": claim.window, "as_of": as_of}
    latest = [f for f in filings if f.status == "latest"]
    if not latest:
        reason = "none_filed" if none_filed(known_) else "no_reports"
        nothing = unverifiable(claim, as_of, reason, values, who=organization, known=known_)
        return replace(nothing, sentences=(*nothing.sentences, *missing(known_, all_of_it=True)))
    kind = next((key for key in ("bill", "agency", "topic") if claim.detail.get(key)), "topic")
    what = str(claim.detail.get(kind) or claim.text)

    def named(topic: Topic) -> bool:
        if kind == "bill":
            return names_bill(topic.text, what)
        return names_agency(topic.entities, what) if kind == "agency" else names_topic(topic, what)

    in_window = {f.filing_uuid for f in latest}
    matching = {t.filing_uuid for t in topics if t.filing_uuid in in_window and named(t)}
    known = {t.filing_uuid for t in topics if t.filing_uuid in in_window and (kind != "agency" or t.entities)}
    reports = [f for f in latest if f.is_report]
    evidence = tuple(f.evidence for f in latest if f.filing_uuid in matching)
    found = {
        "filings": len(latest),
        "with_activities": len(known),
        "matching": len(matching),
        kind: what,
        "descriptions": [t.text[:500] for t in topics if t.filing_uuid in matching and named(t)][:5],
    }
    sentences: list[Sentence] = [("issue", {**values, "n": len(matching), "all": len(latest), "what": f"“{what}”"})]
    if matching:
        days = sorted(f.posted for f in latest if f.filing_uuid in matching)
        sentences += [("issue_first", {"first": days[0], "last": days[-1]}), ("borne_out", {"claimed": what})]
        return Verdict(
            claim, "supported", tuple(sentences), as_of, who=organization, found=found, filings=evidence, known=known_
        )
    if any(f.filing_uuid not in known for f in reports) or not reports:
        lacking = {**values, "known": len(known), "all": len(latest), "what": f"“{what}”"}
        return unverifiable(claim, as_of, "no_activities", lacking, who=organization, found=found, known=known_)
    settled = settle(claim, known_, {"lda": "no" if known_.complete else "open"}, ())
    match settled:
        case Settled("refuted"):
            sentences.append(("not_borne_out", {"claimed": what}))
        case Settled(reason="period_not_over"):
            sentences.append(("period_not_over", {"as_of": as_of}))
        case _:
            sentences += missing(known_, all_of_it=True) or [("cannot", {})]
    return Verdict(
        claim,
        settled.outcome,
        tuple(sentences),
        as_of,
        who=organization,
        reason=settled.reason,
        found=found,
        filings=tuple(f.evidence for f in latest),
        known=known_,
    )
