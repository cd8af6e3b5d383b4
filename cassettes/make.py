"""Writes the cassettes from the real answers in tests/data/lda_samples: `python cassettes/make.py`.

Only the request line and the host are ours (see README.md here); status, headers and body are as recorded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "tests" / "data" / "lda_samples"
API = "https://lda.gov/api/v1/"


def listing(path: str, query: dict[str, Any], page: int) -> str:
    """The request that lobbyx sends for a page."""
    return f"{API}{path}?{urlencode({**query, 'page_size': 25, 'ordering': 'dt_posted', 'page': page})}"


CASSETTES = {
    "filings_of_2024.yaml": [
        (listing("filings/", {"filing_year": 2024}, 1), "filings__filing_year-2024.json"),
        (listing("filings/", {"filing_year": 2024}, 2), "filings__filing_year-2024_page-2.json"),
    ],
    "one_filing.yaml": [
        (f"{API}filings/3b181214-b253-462c-ad64-783c827e159e/", "filings_3b181214-b253-462c-ad64-783c827e159e.json"),
    ],
    "contributions_of_2008.yaml": [
        (listing("contributions/", {"filing_year": 2008}, 1), "contributions.json"),
    ],
    "filing_types.yaml": [
        (f"{API}constants/filing/filingtypes/", "constants_filing_filingtypes.json"),
    ],
}


def interaction(url: str, sample: str) -> dict[str, Any]:
    """One request with its answer, in vcrpy's form."""
    recorded = json.loads((SAMPLES / sample).read_text(encoding="utf-8"))
    dropped = {"Content-Length", "Content-Encoding", "Connection"}  # of the compressed transport, not of the body
    headers = {name: [value] for name, value in recorded["headers"].items() if name not in dropped}
    return {
        "request": {"method": "GET", "uri": url, "body": None, "headers": {"Accept": ["application/json"]}},
        "response": {
            "status": {"code": recorded["status"], "message": "OK"},
            "headers": headers,
            "body": {"string": json.dumps(recorded["body"], ensure_ascii=False)},
        },
    }


def text(name: str) -> str:
    """A cassette as YAML."""
    interactions = [interaction(url, sample) for url, sample in CASSETTES[name]]
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump({"interactions": interactions, "version": 1}, Dumper=dumper, allow_unicode=True, sort_keys=True)


if __name__ == "__main__":
    for name in CASSETTES:
        (HERE / name).write_text(text(name), encoding="utf-8")
