"""The public names."""

from __future__ import annotations

import builtins
import subprocess
import sys

import lobbyx


def test_a_star_import_leaves_open_alone() -> None:
    there: dict[str, object] = {}
    exec("from lobbyx import *", there)
    assert there.get("open", builtins.open) is builtins.open
    assert there["extract"] is lobbyx.extract
    assert lobbyx.open is not builtins.open


def test_rules_do_not_live_in_docstrings() -> None:
    code = "import lobbyx.names as n; print(n.with_subsidiaries('COUPANG, INC.'), n.explain('THE COUPANG COMPANY').why)"
    runs = [subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, check=True).stdout
            for flags in ([], ["-OO"])]  # fmt: skip
    assert runs[0] == runs[1] == "False ('legal form at the end dropped', 'leading THE dropped')\n"
