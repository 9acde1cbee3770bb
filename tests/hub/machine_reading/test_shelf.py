"""Models on the shelf: taken in with the sums of their files, and refused when a file changes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from hub.machine_reading.services import SPEECH, SUMMARY, TRANSLATION, NoModel
from hub.machine_reading.shelf import MANIFEST, BadModel, Shelf

TOLD = {"name": "kecil", "kind": TRANSLATION, "from": "jv", "to": "id", "licence": "MIT", "dated": "2026-11"}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source/model").mkdir(parents=True)
    (tmp_path / "source/model/model.bin").write_bytes(b"weights")
    return tmp_path / "source"


def test_a_folder_is_taken_in_and_found_by_what_it_is_for(shelf: Shelf, source: Path) -> None:
    model = shelf.add(source, TOLD)
    assert shelf.models() == [model]
    assert shelf.find(TRANSLATION, "jv") == model
    assert shelf.problems() == {}
    for kind, language in ((TRANSLATION, "su"), (SPEECH, None), (SUMMARY, None)):
        with pytest.raises(NoModel, match="switched off, put one into"):
            shelf.find(kind, language)


def test_a_package_of_argos_says_itself_what_it_is(shelf: Shelf, tmp_path: Path) -> None:
    package = tmp_path / "translate-id_en-1_9.argosmodel"
    with zipfile.ZipFile(package, "w") as file:
        about = {"from_code": "id", "to_code": "en", "package_version": "1.9"}
        file.writestr("translate-id_en-1_9/metadata.json", json.dumps(about))
        file.writestr("translate-id_en-1_9/model/model.bin", b"weights")
    model = shelf.add(package, {"licence": "MIT", "dated": "2024"})
    assert (model.name, model.from_language, model.to_language) == ("argos-id-en-1.9", "id", "en")
    assert sorted(model.files) == ["metadata.json", "model/model.bin"]


@pytest.mark.parametrize("how", ["changed", "added", "gone", "link"])
def test_a_file_that_is_not_as_it_was_added_is_told(shelf: Shelf, source: Path, how: str) -> None:
    model = shelf.add(source, TOLD)
    file = shelf.path_of(model) / "model/model.bin"
    if how == "changed":
        file.write_bytes(b"other")
    elif how == "added":
        file.with_name("more.bin").write_bytes(b"")
    elif how == "gone":
        file.unlink()
    else:
        file.with_name("more.bin").symlink_to(file)
    assert list(shelf.problems()) == ["kecil"]


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside"])
def test_a_package_writes_nothing_outside(shelf: Shelf, tmp_path: Path, name: str) -> None:
    package = tmp_path / "bad.argosmodel"
    with zipfile.ZipFile(package, "w") as file:
        file.writestr(name, b"x")
    with pytest.raises(BadModel, match="outside"):
        shelf.add(package, TOLD)
    assert list(tmp_path.rglob("outside")) == []
    assert shelf.models() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "../x"}, "--name"),
        ({"kind": "chat"}, "--kind"),
        ({"from": "Jawa"}, "--from"),
        ({"licence": ""}, "--licence"),
        ({"dated": "kemarin"}, "--dated"),
        ({"kind": SUMMARY}, "--prompt"),
    ],
)
def test_what_is_missing_is_said(shelf: Shelf, source: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(BadModel, match=said):
        shelf.add(source, {**TOLD, **changed})
    assert shelf.models() == []


def test_no_model_is_written_over_and_a_broken_manifest_is_told(shelf: Shelf, source: Path) -> None:
    model = shelf.add(source, TOLD)
    with pytest.raises(BadModel, match="is there"):
        shelf.add(source, TOLD)
    (shelf.path_of(model) / MANIFEST).write_text("[]")
    assert shelf.models() == []
    assert list(shelf.problems()) == ["kecil"]


def test_what_is_no_package_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK no")
    with pytest.raises(BadModel, match="argosmodel"):
        shelf.add(tmp_path / "x.zip", TOLD)
