"""`kentongan bench` names its measurements without loading them."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from sync.benchmarks.cli import COMMANDS, bench


def test_every_measurement_is_listed() -> None:
    shown = CliRunner().invoke(bench, ["--help"]).stdout
    assert all(name in shown for name in COMMANDS)


def test_listing_them_loads_neither_codecs_nor_models() -> None:
    heavy = "{'sync.wire.text_models', 'sync.benchmarks.airtime_command', 'zstandard', 'brotli'}"
    code = f"import sys; from sync.benchmarks.cli import bench; bench(['--help'], standalone_mode=False); \
assert not {heavy} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
