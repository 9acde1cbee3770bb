"""Where material comes from: only what may stand in a pack is seen."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from content.files import PATH, FolderFiles


def test_a_folder_gives_its_files_by_path(tmp_path: Path) -> None:
    (tmp_path / "languages/id").mkdir(parents=True)
    (tmp_path / "languages/id/a.toml").write_bytes(b"x")
    (tmp_path / "languages/id/.secret.toml").write_bytes(b"x")
    (tmp_path / "languages/id/a.txt").write_bytes(b"x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/b.toml").write_bytes(b"x")
    assert dict(FolderFiles(tmp_path)) == {"languages/id/a.toml": b"x"}
    assert len(FolderFiles(tmp_path)) == 1


def test_a_folder_that_lacks_parts_is_only_emptier(tmp_path: Path) -> None:
    assert list(FolderFiles(tmp_path)) == []


@pytest.mark.parametrize(
    "path",
    [
        "../languages/a.toml",
        "languages/../a.toml",
        "/languages/a.toml",
        "languages/a.toml/../../b.toml",
        "languages//a.toml",
        "languages/A.toml",
        "languages/a.py",
        "code/a.toml",
        "languages/.a.toml",
        "languages\\a.toml",
        "languages/a.toml\n",
    ],
)
def test_a_path_that_leads_elsewhere_does_not_fit(path: str) -> None:
    assert not PATH.fullmatch(path)


def test_all_shipped_material_is_installed(shipped: dict[str, bytes]) -> None:
    # Each kind of file needs a pattern. Where they stand on several lines, a comma would be part of one.
    root = Path(__file__).resolve().parents[2]
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    patterns = [line for line in setup["options.package_data"]["content"].splitlines() if line]
    assert not any("," in pattern for pattern in patterns)
    folder = root / "content"
    installed = {str(path.relative_to(folder)) for pattern in patterns for path in folder.glob(pattern)}
    assert set(shipped) <= installed
