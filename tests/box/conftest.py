"""The installer stands beside the programs: it has to run before any of them is installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))


def needed(*programs: str, package: str) -> None:
    """Skip without a program, and fail where CI should have installed it."""
    missing = [one for one in programs if shutil.which(one) is None]
    if missing:
        words = f"needs {', '.join(missing)}: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)


@pytest.fixture
def machine_root(tmp_path: Path) -> Path:
    """Return the root folder of a machine on which nothing is installed, but for what the steps look at."""
    for folder in ("etc", "var/lib/dpkg", "boot/firmware", "run"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/passwd").write_text(
        f"root:x:0:0::/root:/bin/sh\nkentongan:x:{os.getuid()}:{os.getgid()}::/:/\n"
    )
    (tmp_path / "boot/firmware/config.txt").write_text("arm_64bit=1\n")
    return tmp_path
