"""A stored verdict as schema.org ClaimReview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lobbyx.model.verdict import Outcome

LONGEST_SUMMARY: Final = 300
"""Characters of `claimReviewed`."""

RATINGS: Final[Mapping[Outcome, tuple[int, str]]] = {
    "supported": (5, "Supported by the filings"),
    "within_rounding": (3, "Undecided: within the filers' rounding"),
    "depends_on_method": (2, "Only by another way of counting"),
    "refuted": (1, "Refuted by the filings"),
}
"""The rating and its words. A claim that cannot be verified has none."""


def claim_review(row: Mapping[str, Any], publisher: str, publisher_url: str, base_url: str) -> dict[str, Any] | None:
    """One row as schema.org ClaimReview (JSON-LD) with the fields Google's page "Fact check" requires and recommends.

    None for a claim that could not be verified: it has no rating. `base_url` is where the verdicts are published; the
    verdict's id is appended to it.
    """
    rating = RATINGS.get(row["verdict"])
    if rating is None:
        return None
    value, words = rating
    said: dict[str, Any] = {"@type": "Claim"}
    if row["author"]:
        said["author"] = {"@type": "Organization", "name": row["author"]}
    if row["published"]:
        said["datePublished"] = row["published"]
    if row["url"]:
        said["appearance"] = {"@type": "CreativeWork", "url": row["url"]}
        said["firstAppearance"] = said["appearance"]
    summary = " ".join((row["context"] or row["text"]).split())
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{base_url.rstrip('/')}/{row['verdict_id']}",
        "claimReviewed": summary if len(summary) <= LONGEST_SUMMARY else f"{summary[: LONGEST_SUMMARY - 1]}…",
        "reviewBody": row["explanation"],
        "datePublished": row["today_as_of"] or row["as_of"],
        "author": {"@type": "Organization", "name": publisher, "url": publisher_url},
        "itemReviewed": said,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": words,
        },
    }
