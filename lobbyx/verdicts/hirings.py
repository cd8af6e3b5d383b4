"""Claims of a hiring: which firm, since when, for how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from lobbyx.accounting.counting import count_reports
from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import Organization
from lobbyx.model.verdict import Outcome, Verdict
from lobbyx.names import normalize
from lobbyx.verdicts.comparators import holds
from lobbyx.verdicts.evidence import Filing
from lobbyx.verdicts.explanation import Cents, Compared, Listed, Word
from lobbyx.verdicts.findings import unverifiable
from lobbyx.verdicts.subject import Subject


def called(filings: Iterable[Filing], said: str) -> list[Filing]:
    """The filings of the firm that a text calls `said`: by its name, or by how that begins ("Akin Gump").

    Empty where no firm is called so, or more than one.
    """
    wanted = normalize(said)
    outside = [(normalize(f.registrant), f) for f in filings if f.role == "outside"]
    equal = [f for name, f in outside if name == wanted]
    found = equal or [f for name, f in outside if name.startswith(f"{wanted} ")]
    return found if len({f.firm_id or f.registrant for f in found}) == 1 else []


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a firm's work for an organization in the window, and on what it was paid."""
    return judge_hiring(claim, subject.organization, subject.filings(claim.window, as_of), as_of)


def judge_hiring(claim: Claim, organization: Organization, filings: Sequence[Filing], as_of: date) -> Verdict:
    """The verdict on a firm's work for an organization in the window, and on what it was paid."""
    values = {"org": organization.name, "window": claim.window, "as_of": as_of}
    if not filings:
        return unverifiable(claim, as_of, "no_reports", values, who=organization)
    firm = str(claim.detail.get("firm") or "")
    found = called(filings, firm)
    firms = sorted({f.registrant for f in filings if f.role == "outside"})
    if not found:
        sentences: list[Sentence] = [("not_hired", {**values, "firm": firm})]
        sentences += [("firms_on_file", {"names": Listed(tuple(firms))})] if firms else []
        return Verdict(claim, "refuted", tuple(sentences), as_of, who=organization, found={"firms": firms})
    name = found[-1].registrant
    about = {"firm": name, "org": organization.name, "n": Word("filings", len(found)), "as_of": as_of}
    sentences = [("hired", {**about, "first": found[0].posted, "last": found[-1].posted})]
    told: dict[str, object] = {
        "firm": name,
        "filings": len(found),
        "firms": firms,
        "first_posted": found[0].posted.isoformat(),
        "last_posted": found[-1].posted.isoformat(),
    }
    evidence = tuple(f.evidence for f in found)
    if claim.value is None:
        sentences.append(("borne_out", {"claimed": firm}))
        return Verdict(claim, "supported", tuple(sentences), as_of, who=organization, found=told, filings=evidence)
    paid = count_reports(f.report for f in found if f.report and f.status == "latest")
    interval = {bound: Cents(getattr(paid.interval, bound)) for bound in ("low", "high")}
    sentences.append(("hired_paid", {"sum": Cents(paid.interval.reported), "window": claim.window, **interval}))
    told |= paid.json()
    answer = holds(claim, paid)
    said = {"claimed": Compared(claim.comparator, Cents(claim.cents))}
    ends: dict[str, tuple[str, Outcome]] = {
        "yes": ("borne_out", "supported"),
        "partly": ("inside_range", "within_rounding"),
        "no": ("not_borne_out", "refuted"),
    }
    key, result = ends[answer]
    sentences.append((key, said))
    under = ("outside",) if answer == "yes" else ()
    return Verdict(
        claim, result, tuple(sentences), as_of, under, who=organization, found=told, filings=evidence
    )  # fmt: skip
