"""Links, paths, modules and tests that documents name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import ROOT, anchors_of, documents, name_of, stands, without_code_blocks


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_links_resolve(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code_blocks(document.read_text("utf-8"))):
        if re.match("[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (document.parent / file).resolve() if file else document
        if not path.exists() or (anchor and anchor not in anchors_of(path.read_text("utf-8"))):
            broken.append(target)
    assert broken == []


def test_an_anchor_that_is_not_there_would_be_seen() -> None:
    assert anchors_of("# Membawa data\n```\n# no heading\n```\n## A `b`: c\n") == {"membawa-data", "a-b-c"}


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_paths_that_are_named_exist(document: Path) -> None:
    roots = "sync|content|firmware_bridge|village_node|hub|bots|scripts|tests|docs"
    named = set(re.findall(rf"`((?:{roots})/[\w./-]*)`", document.read_text("utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_names_in_modules_exist(document: Path) -> None:
    # "`NAME` in `sync/x.py`" and "`sync/x.py`: `NAME`" are checked against the module's text.
    text = document.read_text("utf-8")
    pairs = [(name, file) for name, file in re.findall(r"`(\w+)` (?:in|of) `([\w/]+\.py)`", text)]
    assert [
        f"{n} in {f}" for n, f in pairs if not re.search(rf"\b{n}\b", (ROOT / f).read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_tests_that_are_named_exist(document: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)((?:::\w+)*)`", document.read_text("utf-8"))
    assert [file + path for file, path in named if not stands(file, path.split("::")[1:])] == []
