"""Sentences from real pages: what the reader once read right, it goes on reading right."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

COLLECTED = Path(__file__).parent / "collected"


def measure() -> ModuleType:
    """`scripts/measure_reading.py`."""
    spec = importlib.util.spec_from_file_location("measure_reading", ROOT / "scripts" / "measure_reading.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file", "least_f1", "least_right", "most_sure_wrong"),
    [
        ("english_learned", 0.96, 0.91, 0.05),
        ("english_set_aside", 0.95, 0.87, 0.06),
        ("english_learned_2", 0.93, 0.82, 0.06),
        ("english_set_aside_2", 0.91, 0.81, 0.10),
        ("english_set_aside_3", 0.92, 0.74, 0.09),
        ("english_set_aside_4", 0.93, 0.84, 0.06),
        ("english_set_aside_5", 0.92, 0.76, 0.08),
        ("korean_learned", 0.98, 0.97, 0.02),
        ("korean_set_aside", 0.94, 0.85, 0.09),
    ],
)
def test_collected_sentences(file: str, least_f1: float, least_right: float, most_sure_wrong: float) -> None:
    module = measure()
    rows = [json.loads(line) for line in (COLLECTED / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]
    total = sum((module.score(row)[0] for row in rows), module.Score())
    _, _, f1, right, sure, sure_wrong = total.shares()
    assert f1 >= least_f1
    assert right >= least_right
    assert sure >= 0.35
    assert sure_wrong <= most_sure_wrong + 0.005


def test_every_item_has_its_source_and_its_figures_in_the_text() -> None:
    for file in COLLECTED.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["source"].startswith("http")
            assert all({"org", "kind", "value", "comparator", "start", "end"} <= c.keys() for c in row["claims"])
