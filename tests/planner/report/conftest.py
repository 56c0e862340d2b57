"""Run folders made up by rule, written once for all tests of the report."""

from pathlib import Path

import pytest

from planner.report.folder import RunFolder, read_folder
from tests.planner.report.fake import write_run
from tests.planner.report.fake_plan import PLACES, Fake

ONE = Fake(periods=("2028",), opened=1, places=PLACES[:1], hours="weeks")


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Five years, five sites of twelve, two workloads."""
    return read_folder(write_run(tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Nothing opened, every token unmet."""
    return read_folder(write_run(tmp_path_factory.mktemp("empty"), Fake(opened=0)))


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """One site, one year, sampled weeks."""
    return read_folder(write_run(tmp_path_factory.mktemp("single"), ONE))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A small run folder that a test may spoil."""
    return write_run(tmp_path / "run", ONE)
