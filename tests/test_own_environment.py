"""Scripts enter `.venv` by themselves, before they import what only it has."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import own_environment
import pytest

ROOT = Path(__file__).resolve().parent.parent
INSTALLERS = {"install-hub", "install-node"}
"""They run on a box, with its own Python, and make the environment there."""


def scripts() -> dict[str, ast.Module]:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "scripts").iterdir() if path.is_file()}
    return {
        name: ast.parse(text)
        for name, text in texts.items()
        if text.startswith("#!/usr/bin/env python3") and name not in INSTALLERS
    }


def beginning(script: ast.Module) -> Iterator[str]:
    """What a script does in its first lines, as far as it matters here."""
    for node in script.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            yield (named or "").partition(".")[0]
        elif isinstance(node, ast.Expr | ast.Assign) and ast.unparse(node.value) == "enter()":
            yield "enter"


def test_every_script_enters_the_environment_before_it_imports_what_is_in_it() -> None:
    late = {}
    for name, script in scripts().items():
        before = []
        for said in beginning(script):
            if said == "enter":
                break
            before.append(said)
        if foreign := set(before) - set(sys.stdlib_module_names) - {"own_environment"}:
            late[name] = foreign
    assert late == {}
    assert len(scripts()) > 30


class Begun(Exception):
    """The process would be another one now."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an environment, whose script runs with another Python."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    monkeypatch.setattr(own_environment, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "scripts" / "measure"), "--least", "3"])
    monkeypatch.setattr(sys, "path", list(sys.path))

    def begin(program: Path, arguments: list[str]) -> None:
        raise Begun(program, arguments)

    monkeypatch.setattr(os, "execv", begin)
    return tmp_path


class TestEntering:
    def test_a_script_begins_anew_with_the_environments_python_and_its_own_arguments(
        self, repository: Path
    ) -> None:
        with pytest.raises(Begun) as begun:
            own_environment.enter()
        python = repository / ".venv" / "bin" / "python"
        script = str(repository / "scripts" / "measure")
        assert begun.value.args == (python, [str(python), script, "--least", "3"])

    @pytest.mark.parametrize("reason", ["in it already", "none there", "loaded by a test"])
    def test_it_stays_where_it_is(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, reason: str
    ) -> None:
        if reason == "in it already":
            monkeypatch.setattr(sys, "prefix", str(repository / ".venv"))
        elif reason == "none there":
            (repository / ".venv" / "bin" / "python").unlink()
        else:
            monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
        assert own_environment.enter() == repository
        assert sys.path[:2] == [str(repository), str(repository / "tests" / "support")]
