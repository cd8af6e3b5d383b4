"""The scoring of links, which knows no language."""

from __future__ import annotations

import pytest

from lobbyx.reading.claims.links import Candidate, Scored, Weights, jointly, rank

LEARNED = Weights({"org": {"near": 2.0, "far": -1.0}})


def test_the_likeliest_candidate_comes_first() -> None:
    ranked = rank("org", [Candidate("a", {"far": 1.0}), Candidate("b", {"near": 1.0, "unknown": 9.0})], LEARNED)
    assert [one.what for one in ranked] == ["b", "a"]
    assert ranked[0].score == 2.0
    assert sum(one.probability for one in ranked) == pytest.approx(1)
    assert ranked[0].probability == pytest.approx(0.9526, abs=1e-4)
    assert rank("org", [], LEARNED) == []


def test_links_of_a_sentence_are_weighed_together() -> None:
    options = [[Scored("a", 1.0, 0.6), Scored("b", 0.5, 0.4)], [Scored("a", 1.0, 0.6), Scored("b", 0.8, 0.4)]]
    alone = jointly(options, lambda a, b, i, j: 0.0)
    assert [ranked[0].what for ranked in alone] == ["a", "a"]
    apart = jointly(options, lambda a, b, i, j: -2.0 if a == b else 0.0)
    assert [ranked[0].what for ranked in apart] == ["a", "b"]
    assert all(sum(one.probability for one in ranked) == pytest.approx(1) for ranked in apart)


def test_a_table_of_figures_takes_bounded_time() -> None:
    options = [[Scored(k, float(k), 0.1) for k in range(16)] for _ in range(40)]
    assert len(jointly(options, lambda a, b, i, j: -1.0 if a == b else 0.0)) == 40
