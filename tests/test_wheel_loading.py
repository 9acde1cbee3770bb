"""What `scripts/check-aarch64 --suite` says of compiled modules that a board cannot load."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
import wheel_loading

SUFFIX = EXTENSION_SUFFIXES[0]


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like that of the board: one compiled module is whole, one is for no machine."""
    whole = importlib.util.find_spec("markupsafe._speedups")
    assert whole is not None
    assert whole.origin is not None
    for name in ("loading_whole", "loading_broken", "loading_broken.data"):
        (tmp_path / name).mkdir()
    (tmp_path / "loading_whole" / "__init__.py").touch()
    (tmp_path / "loading_broken" / "__init__.py").touch()
    shutil.copy(whole.origin, tmp_path / "loading_whole" / f"_speedups{SUFFIX}")
    (tmp_path / "loading_broken" / f"_fast{SUFFIX}").write_bytes(b"no machine's code")
    # Libraries and data beside them are loaded by nobody's name.
    (tmp_path / "loading_broken.data" / f"inner{SUFFIX}").touch()
    (tmp_path / "loading_whole" / "libcurve.so").touch()
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / f"_imagingtk{SUFFIX}").touch()
    for name in ("whole-1.0.dist-info", "broken-2.0.dist-info"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(wheel_loading, "FIRST", ())
    monkeypatch.setattr(sys, "argv", ["wheel_loading.py", str(tmp_path)])
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_every_compiled_module_is_found_and_nothing_else(wheels: Path) -> None:
    assert wheel_loading.compiled_modules(wheels) == ["loading_broken._fast", "loading_whole._speedups"]


def test_a_module_that_loads_is_counted_and_one_that_does_not_is_named(
    wheels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wheel_loading.main() == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["wheels"], told["loaded"]) == (2, 1)
    [problem] = told["problems"]
    assert problem.startswith("loading_broken._fast: ImportError: ")
    assert "loading_whole._speedups" in sys.modules

    (wheels / "loading_broken" / f"_fast{SUFFIX}").unlink()
    assert wheel_loading.main() == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


def test_what_has_to_be_loaded_first_is_not_counted_and_named_when_it_is_missing(
    wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wheels / "loading_broken" / f"_fast{SUFFIX}").unlink()
    monkeypatch.setattr(wheel_loading, "FIRST", ("json", "loading_missing"))
    loaded, problems = wheel_loading.load_all(wheels)
    assert loaded == 1
    assert problems == ["loading_missing: ModuleNotFoundError: No module named 'loading_missing'"]
