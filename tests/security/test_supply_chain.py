"""What others wrote: locked to the byte for every kind of machine, under licences that fit, and listed."""

from __future__ import annotations

import configparser
import hashlib
import importlib.machinery
import importlib.metadata
import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("aarch64", "x86_64")


@cache
def script(name: str) -> ModuleType:
    """Return a script as a module."""
    loader = importlib.machinery.SourceFileLoader(f"script_{name}", str(ROOT / "scripts" / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module  # a dataclass asks for it
    loader.exec_module(module)
    return module


@cache
def locked() -> dict[str, tuple[str, str]]:
    """Return name -> version and marker of each package in the lock."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    rows = re.findall(r"^([\w.-]+)==([\w.!+]+)(?: ; (.+?))? \\$", text, re.MULTILINE)
    names = [str(canonicalize_name(name)) for name, _, _ in rows]
    assert len(set(names)) == len(names), (
        "one version of each: pip reads the markers of the machine it runs on"
    )
    return {name: (version, marker) for name, (_, version, marker) in zip(names, rows, strict=True)}


def wanted() -> list[Requirement]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    text = setup["options"]["install_requires"] + setup["options.extras_require"]["bots"]
    return [Requirement(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_the_lock_has_all_that_the_program_asks_for_in_a_version_that_it_takes() -> None:
    assert len(wanted()) > 25
    wrong = [
        str(one)
        for one in wanted()
        if canonicalize_name(one.name) not in locked()
        or not one.specifier.contains(locked()[canonicalize_name(one.name)][0], prereleases=True)
    ]
    assert wrong == [], "run scripts/lock"


def test_the_lock_has_all_that_those_need_in_turn() -> None:
    missing = set()
    for name in locked():
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for need in map(Requirement, needs):
            asked: dict[str, str] = {**default_environment(), "extra": ""}  # type: ignore[dict-item]
            if (need.marker is None or need.marker.evaluate(asked)) and canonicalize_name(
                need.name
            ) not in locked():
                missing.add(f"{name} needs {need}")
    # What is installed here may be another version than the locked one, and need other things.
    assert missing == set()


def test_every_locked_package_has_hashes_and_comes_from_an_index() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    for block in re.split(r"\n(?=[\w])", text.partition("\n")[2]):
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}", block), block[:60]
    assert "://" not in text
    assert "-e " not in text


def test_pip_takes_a_wheel_of_every_package_on_every_kind_of_machine() -> None:
    rows = [line.split() for line in (ROOT / "requirements.wheels").read_text("utf-8").splitlines()]
    stands = {(row[0], row[1], row[2], row[3]) for row in rows}
    wanted_rows = {
        (name, version, python, machine)
        for name, (version, _) in locked().items()
        for python in PYTHONS
        for machine in MACHINES
    }
    assert stands == wanted_rows, "run scripts/lock"
    for name, _, _, machine, wheel in rows:
        assert re.search(rf"-(any|manylinux\w*_{machine}.*)\.whl$", wheel), (name, wheel)


def test_every_licence_fits_and_one_that_does_not_is_seen() -> None:
    audit = script("audit")
    assert [part.name for part in audit.parts() if not audit.fits(part.licence)] == []
    for licence in ("", "Proprietary", "GPL-2.0-only", "SSPL-1.0"):
        assert not audit.fits(licence), licence


def test_the_list_of_parts_names_each_with_version_licence_and_hashes() -> None:
    audit = script("audit")
    bom = json.loads(json.dumps(audit.sbom(audit.parts())))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    assert {canonicalize_name(part["name"]) for part in bom["components"]} == set(locked())
    for part in bom["components"]:
        assert part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"
        assert part["hashes"]
        assert part["licenses"][0]["license"]["name"]


Told = tuple[str, int]
WEAK: Told = ("Name Version ID\njinja2 2.10 PYSEC-2019-217\n", 1)
CLEAN: Told = ("", 0)
SKIPPED: Told = ("Name Skip Reason\nflask not found\n", 0)


@pytest.mark.parametrize(
    ("control", "lock", "exit_code", "words"),
    [
        (WEAK, CLEAN, 0, "known weaknesses: none"),
        (WEAK, WEAK, 1, "PYSEC-2019-217"),
        (WEAK, SKIPPED, 3, "NOT LOOKED FOR"),
        (WEAK, ("", 1), 3, "NOT LOOKED FOR"),
        (CLEAN, CLEAN, 3, "no data here"),
    ],
)
def test_weaknesses_that_nobody_looked_for_are_not_called_none(
    control: Told,
    lock: Told,
    exit_code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    audit = script("audit")

    def ask(*words: str) -> subprocess.CompletedProcess[str]:
        told, code = lock if str(audit.LOCK) in words else control
        return subprocess.CompletedProcess(words, code, told, "")

    monkeypatch.setattr(audit, "fetched_pip_audit", lambda folder, ends: ask)
    assert audit.look_for_weaknesses(60.0) == exit_code
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("file", ["scripts/box/machine.py", "scripts/make-bundle"])
def test_installers_take_nothing_whose_hash_is_not_locked(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert '"--require-hashes"' in text
    assert "--prefer-binary" not in text


@pytest.mark.parametrize("right", [True, False], ids=["the locked hash", "another hash"])
def test_pip_refuses_a_wheel_of_another_hash(tmp_path: Path, right: bool) -> None:
    wheel = tmp_path / "contoh-1.0-py3-none-any.whl"
    about = "contoh-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: contoh\nVersion: 1.0\n")
        package.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        package.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = tmp_path / "lock.txt"
    lock.write_text(f"contoh==1.0 --hash=sha256:{digest if right else '0' * 64}\n", "ascii")
    asking = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-index", "--no-deps"]
    where = ["--disable-pip-version-check", "--find-links", str(tmp_path), "--target", str(tmp_path / "into")]
    done = subprocess.run([*asking, *where, "-r", str(lock)], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == right, done.stderr
    assert right or "DO NOT MATCH THE HASHES" in done.stderr
