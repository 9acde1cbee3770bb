"""The rules of the house that no other tool checks: layout, docstrings, packaging, and the map of modules."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from kentongan import main

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PACKAGES = ("sync", "updater", "content", "firmware_bridge", "village_node", "hub", "bots")
FOLDERS = (*PACKAGES, "scripts", "tests", "docs")
LONGEST_MODULE_LINES = 450


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return what belongs to the project: git's list, or every file where the tree came without git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
    kept = (name for name in names if not name.startswith((".venv/", ".git/", "build/")))
    return tuple(Path(name) for name in sorted(kept) if (ROOT / name).is_file())


@cache
def modules() -> tuple[Path, ...]:
    """Return the modules of the program: all but tests, scripts and the files that only make a package."""
    return tuple(
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.parts[0] not in ("tests", "scripts") and path.name != "__init__.py"
    )


@cache
def configuration() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def lines_of(section: str, option: str) -> list[str]:
    return [line.strip() for line in configuration()[section][option].splitlines() if line.strip()]


def section_of(text: str, heading: str) -> str:
    """Return the part of a document from a heading of level 2 to the next."""
    _, _, rest = text.partition(f"\n## {heading}\n")
    assert rest, f"no section {heading}"
    return rest.split("\n## ")[0]


# --- the tree ---


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_fixed_folders_exist(folder: str) -> None:
    assert (ROOT / folder).is_dir()


def test_tests_are_not_packages() -> None:
    # tests/sync as a package would hide our own `sync`.
    assert [p for p in tracked_files() if p.parts[0] == "tests" and p.name == "__init__.py"] == []


def test_every_module_says_what_it_is_for() -> None:
    packages = [path for path in tracked_files() if path.parts[0] in PACKAGES and path.name == "__init__.py"]
    silent = [
        str(path)
        for path in (*modules(), *packages)
        if not (ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8"))) or "").strip()
    ]
    assert silent == []


def test_the_architecture_page_lists_every_module_and_no_other() -> None:
    table = section_of(ARCHITECTURE.read_text("utf-8"), "Modules")
    listed = re.findall(r"^\| `([a-z_0-9/]+\.py)` \| (.+) \|$", table, re.MULTILINE)
    names = [name for name, _ in listed]
    assert sorted(names) == sorted(set(names)), "a module stands twice"
    assert set(names) == {str(path) for path in modules()}
    assert all(purpose.strip() for _, purpose in listed)


def test_long_modules_have_a_reason() -> None:
    reasons = section_of(ARCHITECTURE.read_text("utf-8"), "Long modules")
    named = set(re.findall(r"^- `([a-z_0-9/]+\.py)`: \S", reasons, re.MULTILINE))
    long = {
        str(path)
        for path in modules()
        if len((ROOT / path).read_text("utf-8").splitlines()) > LONGEST_MODULE_LINES
    }
    assert named == long


def test_each_program_is_wired_in_one_place() -> None:
    wirings = {path.parts[0] for path in modules() if path.name == "wiring.py"}
    assert {"village_node", "hub"} <= wirings
    assert all(len(path.parts) == 2 for path in modules() if path.name == "wiring.py")


# --- what must not stand anywhere ---


def _text_files() -> Iterator[tuple[Path, str]]:
    for path in tracked_files():
        try:
            yield path, (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize("word", ["../" + "shared", "/work/" + "shared", "TO" + "DO", "FIX" + "ME"])
def test_no_tracked_file_holds(word: str) -> None:
    found = [str(path) for path, text in _text_files() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    assert found == []


def test_every_phone_in_a_sample_is_a_fictional_one() -> None:
    # A long number in samples and documents holds 0000, so that no vector rings at somebody's house.
    phone = re.compile(r"(?<![\w.])(?:\+?62|0)[ -]?8[0-9](?:[ -]?[0-9]){7,11}(?!\w)")
    real = []
    for path, text in _text_files():
        if path.name == "help.toml":
            continue  # the one place of real numbers: `kentongan content check` finds them anywhere else
        if path.parts[0] in ("content", "docs") or path.name == "README.md":
            real += [str(path) for number in phone.findall(text) if "0000" not in re.sub("[ -]", "", number)]
    assert real == []


# --- packaging ---


def test_pyproject_holds_the_build_system_only() -> None:
    assert list(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))) == ["build-system"]


def test_setup_cfg_pins_ranges() -> None:
    wanted = lines_of("options", "install_requires")
    # Stubs follow the library that they describe, and are never installed on a node.
    wanted += [
        line for line in lines_of("options.extras_require", "dev") if not re.match("types-|.*-stubs", line)
    ]
    assert [
        line for line in wanted if not re.fullmatch(r"[a-z0-9-]+(\[[a-z-]+\])?>=[0-9.]+,<[0-9.]+", line)
    ] == []


def test_what_benchmarks_compare_with_is_tested_too() -> None:
    bench = lines_of("options.extras_require", "bench")
    assert set(bench) < set(lines_of("options.extras_require", "dev"))
    assert not set(bench) & set(lines_of("options", "install_requires"))


def test_every_package_is_installed_and_layered() -> None:
    found = sorted(line.removesuffix("*") for line in lines_of("options.packages.find", "include"))
    roots = sorted(lines_of("importlinter", "root_packages"))
    layered = re.findall(r"\w+", configuration()["importlinter:contract:layers"]["layers"])
    assert found == roots == sorted(layered) == sorted(PACKAGES)


def test_every_package_of_sync_has_its_layer() -> None:
    layered = re.findall(r"\w+", configuration()["importlinter:contract:sync-layers"]["layers"])
    packages = {p.parts[1] for p in tracked_files() if p.parts[0] == "sync" and len(p.parts) > 2}
    assert packages <= set(layered)


# --- the command line ---


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, groups too."""

    def walk(
        name: str, command: click.Command, context: click.Context | None
    ) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            inner = click.Context(command, parent=context, info_name=name)
            for child in command.list_commands(inner):
                found = command.get_command(inner, child)
                assert found is not None
                yield from walk(f"{name} {child}", found, inner)

    yield from walk("kentongan", main, None)


def test_every_command_says_what_it_does() -> None:
    assert [name for name, command in commands() if not (command.help or "").strip()] == []


def test_every_command_stands_in_the_documents() -> None:
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    text = "\n".join(path.read_text("utf-8") for path in documents)
    leaves = [name for name, command in commands() if not isinstance(command, click.Group)]
    assert [name for name in leaves if not re.search(rf"{re.escape(name)}(?![\w-])", text)] == []
