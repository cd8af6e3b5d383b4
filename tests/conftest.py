"""What the tests share: the Coupang filings and the real samples in databases, and a client that never sleeps."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import lobbyx
from lobbyx.accounting import derive
from lobbyx.database import connection, writer
from lobbyx.ingest.manifest import load_file
from lobbyx.lda.client import LDAClient
from lobbyx.lda.files import read_file
from lobbyx.model import resources
from lobbyx.model.coverage import Coverage, Listing
from lobbyx.model.period import Window
from lobbyx.verdicts.subject import Knowledge

ROOT = Path(__file__).parent.parent
# Slow machines are no failures; in CI the same examples each time, by hand others each time.
settings.register_profile("lobbyx", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("lobbyx")
SAMPLES = Path(__file__).parent / "data" / "lda_samples"


def build(path: Path, *files: Path) -> Path:
    """A database of the files and what their manifests cover, derived tables included."""
    with closing(connection.connect(path, create=True)) as db:
        for file in files:
            load_file(db, file)
        with connection.transaction(db):
            derive.derive_all(db)
    return path


@pytest.fixture(scope="session")
def coupang_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = (resources.path("coupang/filings.csv"), resources.path("coupang/activities.csv"))
    return build(tmp_path_factory.mktemp("db") / "coupang.db", *files)


@pytest.fixture(scope="session")
def samples_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("db") / "samples.db", *sorted(SAMPLES.glob("*.json")))


@pytest.fixture
def coupang_db(coupang_built: Path, tmp_path: Path) -> Path:
    """A fresh copy of the Coupang database."""
    return Path(shutil.copy(coupang_built, tmp_path / "coupang.db"))


@pytest.fixture
def samples_db(samples_built: Path, tmp_path: Path) -> Path:
    """A fresh copy of the database of the real recorded answers."""
    return Path(shutil.copy(samples_built, tmp_path / "samples.db"))


def covered(through: str, since: str | None = None) -> Knowledge:
    """Everything posted by a day is on file, for everybody."""
    days = Window(date.fromisoformat(since) if since else None, date.fromisoformat(through))
    listing = Listing("filings", {}, None, days, 1, 1, f"{through}T12:00:00Z", "a test")
    return Knowledge(
        lambda organization: Coverage((listing,)),
        lambda organization, window: f"fetch {organization.name if organization else 'everybody'} {window}",
    )


@pytest.fixture
def coupang(coupang_db: Path) -> Iterator[lobbyx.Ledger]:
    """The Coupang filings, by their manifest all there were to 2026-07-20."""
    with lobbyx.open(coupang_db) as opened:
        yield opened


@pytest.fixture
def samples(samples_db: Path) -> Iterator[lobbyx.Ledger]:
    """The real recorded answers, of which nothing is known to be complete."""
    with lobbyx.open(samples_db) as opened:
        yield opened


def filing(number: int, **changes: Any) -> dict[str, Any]:
    """A filing of a firm for a client, as the API gives it."""
    body = json.loads((SAMPLES / "filings_3b181214-b253-462c-ad64-783c827e159e.json").read_text())["body"]
    body |= {"filing_uuid": f"00000000-0000-0000-0000-{number:012d}", "affiliated_organizations": []}
    for path, value in changes.items():
        record, _, field = path.partition("__")
        body[record] = {**body[record], field: value} if field else value
    return body


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., lobbyx.Ledger]:
    """Loads filings, one file after the other, and opens the ledger."""

    def build(*filings: dict[str, Any]) -> lobbyx.Ledger:
        path = tmp_path / "own.db"
        with closing(connection.connect(path, create=True)) as db:
            for one in filings:
                file = tmp_path / f"{one['filing_uuid']}.json"
                file.write_text(json.dumps(one))
                writer.load(db, read_file(file))
        return lobbyx.open(path)

    return build


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., LDAClient]:
    """Makes clients of a server, with the test's clock and nothing from the environment."""
    for name in ("LDA_API_KEY", "LOBBYX_RATE", "LOBBYX_LDA_URL"):
        monkeypatch.delenv(name, raising=False)

    def make(url: str, key: str | None = None, rate: int = 1000, **more: object) -> LDAClient:
        return LDAClient(url, key, rate, clock=clock, sleep=clock.sleep, **more)  # type: ignore[arg-type]

    return make


class Run:
    """`lobbyx` as a user runs it: a process of its own, in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOBBYX_", "LDA_"))}
        return subprocess.run(
            [sys.executable, "-c", "from lobbyx.cli import main; main()", *map(str, args)],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env={**kept, "PYTHONWARNINGS": "", **environment},
        )


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / "cwd"
    folder.mkdir()
    return Run(folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of the long stories is told; the rest is for runs by hand (`./scripts/test --schedules 200`)."""
    parser.addoption("--schedules", type=int, default=12, help="random fault-and-kill schedules of the mirror")
    parser.addoption("--first-schedule", type=int, default=0, help="the number of the first of them")
    parser.addoption("--claims", type=int, default=2000, help="random claims judged by plain SQL over raw JSON too")
    parser.addoption("--kills", type=int, default=6, help="processes of the mirror killed with SIGKILL")
