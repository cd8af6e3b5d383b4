"""Whose claim it is: told by somebody, or found by a name that may mean several."""

from __future__ import annotations

from dataclasses import replace

from lobbyx.model.claim import Claim
from lobbyx.organizations import lookup


def said(claim: Claim) -> Claim:
    """A claim whose organization somebody has said: that it could be another's is no doubt any more."""
    if "org" not in claim.unsure_of:
        return claim
    left = tuple(name for name in claim.unsure_of if name != "org")
    otherwise = {name: reading for name, reading in claim.otherwise.items() if name != "org"}
    return replace(claim, sure=not left, unsure_of=left, otherwise=otherwise)


def with_candidates(claim: Claim, found: lookup.Found) -> Claim:
    """A claim with the organizations its name may mean, and not sure where money and filings chose among them."""
    names = (found.organization.name, *(other.name for other in found.others))
    if found.sure:
        return replace(claim, candidates=names)
    otherwise = {"org": names[1]} if len(names) > 1 else {}
    return replace(
        claim,
        candidates=names,
        sure=False,
        unsure_of=tuple(dict.fromkeys((*claim.unsure_of, "org"))),
        otherwise={**otherwise, **claim.otherwise},
    )
