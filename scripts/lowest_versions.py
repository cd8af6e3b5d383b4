"""Prints pip constraints for ./scripts/test --lowest: each core dependency at the lowest version pyproject.toml allows.

The test tools are as constraints.txt pins them; what dependencies need in turn is the newest that fits them.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST_TOOLS = ("hypothesis", "pytest", "pytest-xdist", "vcrpy")


def lowest(requirements: list[str]) -> list[str]:
    """`NAME==LOWEST` for each. Exits with a message where a requirement has no lower bound."""
    found = []
    for requirement in requirements:
        m = re.match(r"([\w.-]+)>=([\w.]+)", requirement)
        if not m:
            sys.exit(f"pyproject.toml: {requirement!r} has no lower bound; write it as NAME>=VERSION")
        found.append(f"{m[1]}=={m[2]}")
    return found


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    print("\n".join(lowest(project["dependencies"])))
    print("\n".join(line for line in pinned if line.partition("==")[0] in TEST_TOOLS))


if __name__ == "__main__":
    main()
