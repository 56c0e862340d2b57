"""On what machine, and with which versions, something was measured."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTIONS = ("gigaplan", "highspy", "pyomo", "pypsa", "linopy")
CPUINFO = Path("/proc/cpuinfo")


def describe() -> dict[str, str]:
    """Return the machine and the versions, each in words."""
    gb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "memory": f"{gb:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: _installed(name) for name in DISTRIBUTIONS},
    }


def _processor() -> str:
    """Name the processor as the kernel does; elsewhere as Python does."""
    if CPUINFO.exists():
        for line in CPUINFO.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
