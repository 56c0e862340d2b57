"""The run folder: written whole beside its place, then renamed into it."""

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import RunExistsError
from planner.version import installed

LIBRARIES = ("pyomo", "highspy", "pandas", "numpy", "scipy", "pvlib", "pydantic", "pyarrow")


@contextmanager
def new_folder(place: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a temporary folder that becomes ``place`` if the block ends well.

    Parameters
    ----------
    place
        Where the run is to stand.
    overwrite
        Whether a run that is there may be replaced.

    Raises
    ------
    RunExistsError
        If something is there and may not be replaced, or is not a run.
    """
    refuse_if_there(place, overwrite=overwrite)
    missing = [folder for folder in place.parents if not folder.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        yield temporary
        _swap(temporary, place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for folder in missing:
            with suppress(OSError):  # the run stands in it, or another one by now
                folder.rmdir()


def refuse_if_there(place: Path, *, overwrite: bool) -> None:
    """Raise `RunExistsError` unless ``place`` is free, empty, or a run that may be replaced."""
    for folder in place.parents:
        if folder.exists() and not folder.is_dir():
            raise RunExistsError(folder, is_run=False)
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    is_run = (place / "manifest.json").is_file()
    if not (overwrite and is_run):
        raise RunExistsError(place, is_run=is_run)


def _swap(new: Path, place: Path) -> None:
    new.chmod(0o755)
    if not place.exists():
        new.rename(place)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{place.name}-old-", dir=place.parent))
    place.rename(old / "run")
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write every table as Parquet, with a CSV twin."""
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write JSON data; a number that is not finite is refused."""
    text = json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def manifest(files: Mapping[str, Path], command: list[str], seed: int) -> dict[str, Any]:
    """Return what is needed to do the run again.

    Parameters
    ----------
    files : name to path
        Every input that was read.
    command
        The command line.
    seed
        Of the synthetic weather.

    Returns
    -------
    dict
        Hashes of the inputs, versions, command and seed.
    """
    return {
        "inputs": {name: {"path": str(p), "sha256": digest(p)} for name, p in files.items()},
        "command": command,
        "seed": seed,
        "gigaplan": installed(),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "libraries": {name: installed(name) for name in LIBRARIES},
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
