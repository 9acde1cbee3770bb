from __future__ import annotations

from pathlib import Path

import pytest

from content.errors import PackRefused
from content.files import shipped_files
from village_node.content_trial import main, try_folder


def written(folder: Path, **changes: bytes) -> Path:
    for path, data in {**shipped_files(), **changes}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_what_is_shipped_passes(tmp_path: Path) -> None:
    try_folder(written(tmp_path))


def test_what_cannot_be_read_is_named_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (written(tmp_path) / "languages" / "id" / "posters.toml").unlink()
    with pytest.raises(PackRefused, match=r"cannot be used: languages/id/posters\.toml is missing"):
        try_folder(tmp_path)


def test_a_trial_that_breaks_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("village_node.content_trial.WAIT_S", 0.0)
    with pytest.raises(PackRefused, match="could not be tried"):
        try_folder(tmp_path)
    assert main.__doc__
