"""What commands print in Korean: the same figures, and no English sentence of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.site.test_whole_pages import english, on_file

COMMANDS = (
    ("total", "Coupang", "--since", "2021-08", "--until", "2025"),
    ("total", "Coupang", "--since", "1999", "--until", "2000"),
    ("total", "Coupang", "--since", "2025", "--history"),
    ("total", "Big Tech", "--since", "2024", "--until", "2024"),
    ("topic", "export"),
    ("topic", "TRD", "--since", "2025"),
    ("topic", "zzzz"),
    ("check", "Coupang spent $3.31 million on lobbying in 2023.", "--published", "2025-12-25", "--no-store"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: " ".join(one[:2]))
def test_korean_output_has_no_english_sentence(coupang_db: Path, run: Run, command: tuple[str, ...]) -> None:
    known = on_file(coupang_db)
    told = {lang: run(*command, "--db", coupang_db, "--lang", lang) for lang in ("en", "ko")}
    assert [one.returncode for one in told.values()] == [0, 0], told["ko"].stderr
    assert not re.search("[가-힣]", told["en"].stdout)
    assert len(re.findall("[가-힣]+", told["ko"].stdout)) > 3
    lines = [part for line in told["ko"].stdout.splitlines() for part in re.split(r"  +|https?:\\S+", line)]
    assert english(lines, known) == []
    # The filings are the same.
    links = [re.findall(r"https://lda[^ ]+", one.stdout) for one in told.values()]
    assert links[0] == links[1]


def test_english_is_what_is_printed_without_a_word(coupang_db: Path, run: Run) -> None:
    for command in (COMMANDS[0], COMMANDS[4]):
        assert run(*command, "--db", coupang_db).stdout == run(*command, "--db", coupang_db, "--lang", "en").stdout
    assert run("total", "Coupang", "--db", coupang_db, "--lang", "fr").returncode == 2
