"""The notebooks run, and show what they showed when they were written; totals and verdicts show themselves and draw."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.render.charts import NoCharts
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.filterwarnings("ignore")  # Jupyter's own


def shown(cell: Any) -> list[Any]:
    """What a cell printed or showed as text; pictures differ from machine to machine."""
    found = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            found.append(output["text"])
        elif "image/png" in output.get("data", {}):
            found.append("a picture")
        else:
            found.append(output.get("data", {}).get("text/plain"))
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_and_show_what_they_showed(path: Path, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    kept = nbformat.read(path, as_version=4)
    again = nbformat.read(path, as_version=4)
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    nbclient.NotebookClient(
        again, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    if os.environ.get("LOBBYX_WRITE_NOTEBOOKS"):  # to renew what they show
        for cell in again.cells:
            cell.metadata = {}
        nbformat.write(again, path)
        kept = again
    code = [(a, b) for a, b in zip(kept.cells, again.cells, strict=True) if a.cell_type == "code"]
    assert code
    for before, now in code:
        assert shown(now) == shown(before), before.source
    assert any(shown(cell) for cell, _ in code)


def test_what_shows_itself(coupang: lobbyx.Ledger, tmp_path: Path) -> None:
    total = coupang.total("Coupang")
    (verdict,) = coupang.check(
        "Coupang has spent at least $10 million on lobbying since August 2021.", published="2025-12-25"
    )
    for one in (coupang, total, verdict, verdict.claim):
        assert str(one)
        assert "<script" not in one._repr_html_()
    (evil,) = coupang.check(
        "<script>alert(1)</script> Coupang spent $5 million on lobbying in 2024 <b>.", published="2025-12-25"
    )
    assert "<script" not in evil._repr_html_() + evil.claim._repr_html_()
    for name, chart in (("total", total.chart()), ("verdict", verdict.chart())):
        for kind in ("png", "svg"):
            chart.save(str(tmp_path / f"{name}.{kind}"))
            assert (tmp_path / f"{name}.{kind}").stat().st_size > 2_000
    assert "at least $10,000,000" in (tmp_path / "verdict.svg").read_text()
    (nothing,) = coupang.check("Coupang spent $5 million on lobbying in 2001.", published="2025-12-25")
    with pytest.raises(NoCharts, match="nothing to draw"):
        nothing.chart()
