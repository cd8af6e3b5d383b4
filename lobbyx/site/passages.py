"""Passages of filings on a page: what matches is marked, and filings of one client stand together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from lobbyx.model.passage import Passage


def marked(passage: Mapping[str, Any]) -> Markup:
    """A passage with its matches marked: each piece of it is escaped by itself."""
    read = Passage(passage["text"], tuple((start, end) for start, end in passage["marks"]))
    made = [Markup("<mark>{}</mark>").format(piece) if marks else escape(piece) for piece, marks in read.pieces()]
    return Markup("").join(made)


def by_client(filings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Filings together by organization, or by client where that belongs to none, in the order of the first of each.

    One filing is listed once, with the first of its passages.
    """
    groups: dict[object, dict[str, Any]] = {}
    for one in filings:
        key = one["organization_id"] or one["client"]
        group = groups.setdefault(
            key, {"organization_id": one["organization_id"], "client": one["client"], "filings": {}}
        )
        group["filings"].setdefault(one["filing_uuid"], {**one, "shown": marked(one["passage"])})
    return [{**group, "filings": list(group["filings"].values())} for group in groups.values()]
