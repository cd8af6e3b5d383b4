"""CSV tables of filings or activities -> records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lobbyx.lda.csv_rows import BrokenTable, Table
from lobbyx.lda.records import BrokenRecord, Checker, Record

FILING_COLUMNS: Final = (
    "filing_uuid",
    "filing_type",
    "filing_year",
    "filing_period",
    "dt_posted",
    "registrant_id",
    "registrant_name",
    "client_id",
    "client_name",
    "income",
    "expenses",
    "expenses_method",
    "termination_date",
)
ACTIVITY_COLUMNS: Final = (
    "filing_uuid",
    "activity_no",
    "general_issue_code",
    "description",
    "government_entity_ids",
)


def read_csv_records(body: bytes, checker: Checker) -> Iterator[Record]:
    """The records of a CSV file. Raises BrokenRecord naming file, line or record, and cause."""
    try:
        table = Table(body)
        if set(FILING_COLUMNS) <= set(table.columns):
            for number, (line, row) in enumerate(table.rows(), 1):
                if None in row.values():
                    raise BrokenTable(line, "has fewer fields than the first line")
                yield checker.check("filing", _filing(row), str(number), complete=False)
        elif set(ACTIVITY_COLUMNS) <= set(table.columns):
            yield from _activities(table, checker)
        else:
            raise BrokenRecord(
                f"{checker.source}: the first line must name the columns {', '.join(FILING_COLUMNS)} "
                f"or {', '.join(ACTIVITY_COLUMNS)}"
            )
    except BrokenTable as error:
        raise BrokenRecord(f"{checker.source}: {error}") from error


def _filing(row: dict[str, Any]) -> dict[str, Any]:
    """A CSV row in the API's shape."""
    cells: dict[str, Any] = {name: row[name].strip() or None for name in FILING_COLUMNS}
    for name in ("filing_year", "registrant_id", "client_id"):
        text = cells[name]
        # A value that is not a number stays text, and the shape's own check names the field.
        cells[name] = int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else text
    registrant = {"id": cells.pop("registrant_id"), "name": cells.pop("registrant_name")}
    client = {"id": cells.pop("client_id"), "name": cells.pop("client_name")}
    return {**cells, "registrant": registrant, "client": client}


def _activities(table: Table, checker: Checker) -> Iterator[Record]:
    """Activities by filing. An empty `government_entity_ids` means "not collected", so existing ones stay."""
    filings: dict[str, list[dict[str, Any]]] = {}
    for number, (_, row) in enumerate(table.rows(), 1):
        try:
            entities = [{"id": int(i), "name": ""} for i in (row["government_entity_ids"] or "").split(";") if i]
        except ValueError:
            problem = f"{row['government_entity_ids']!r} is not a list of numbers (2;1)"
            raise BrokenRecord(f"{checker.source}: record {number}, field government_entity_ids: {problem}") from None
        raw = {"general_issue_code": row["general_issue_code"], "description": row["description"]}
        filings.setdefault(row["filing_uuid"] or "", []).append({**raw, "government_entities": entities})
    for uuid, activities in filings.items():
        yield checker.activities(uuid, activities)
