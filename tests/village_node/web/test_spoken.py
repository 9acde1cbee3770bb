"""What the pages say aloud, and where the sound of it is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from village_node.web.public_app import create_public_app
from village_node.web.spoken import PAGES, Clips, Examples, spoken_texts, words_of
from village_node.web.spoken_content import material_texts
from village_node.web.steps import STEPS

if TYPE_CHECKING:
    from tests.village_node.web.conftest import Page

ROOT = Path(__file__).parents[3]


@pytest.fixture
def examples() -> FlaskClient:
    return create_public_app(Examples(), quizzes=Examples(), village_name="Contoh").test_client()


def test_every_page_says_what_stands_on_it(examples: FlaskClient) -> None:
    texts = spoken_texts(examples)
    assert set(texts) == set(PAGES)
    assert {f"step-{name}" for name in STEPS} <= set(texts)
    assert all(len(text) > 30 for text in texts.values())
    assert "Perekrut atau ajakan kerja yang mencurigakan." in texts["step-kind"]
    assert "Dibaca petugas: Belum." in texts["status-3"]
    assert "Dibaca petugas: Sudah." in texts["status-4"]
    assert "Ada kabar." in texts["status-4-answer"]


def test_what_is_different_for_everybody_is_not_said(examples: FlaskClient) -> None:
    texts = spoken_texts(examples)
    assert "Contoh" not in texts["home"]
    assert not re.search(r"1 ?2 ?3 ?4", texts["taken"])


def test_telephone_numbers_are_said_digit_by_digit_and_amounts_are_not() -> None:
    page = "<main><p>Polisi: 110</p><p>Paling banyak 4.000 huruf, 16 angka</p></main>"
    assert words_of(page) == "Polisi: 1 1 0. Paling banyak 4.000 huruf, 16 angka."


def test_a_recording_takes_the_place_of_a_clip(tmp_path: Path) -> None:
    client = create_public_app(
        Examples(), quizzes=Examples(), village_name="Contoh", recordings=tmp_path
    ).test_client()
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / "home.mp3").write_bytes(b"a person speaks")
    assert client.get("/suara/id/home.mp3", buffered=True).data == b"a person speaks"
    part = client.get("/suara/id/home.mp3", headers={"Range": "bytes=2-7"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"person")
    assert part.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["id/nothing", "id/..%2f..%2fhome", "xx/home"])
def test_no_other_file_can_be_asked_for(tmp_path: Path, path: str) -> None:
    (tmp_path / "home.mp3").write_bytes(b"secret")
    clips = Clips((tmp_path,))
    assert clips.file("id", "home") is None
    client = create_public_app(
        Examples(), quizzes=Examples(), village_name="Contoh", recordings=tmp_path
    ).test_client()
    assert b"secret" not in client.get(f"/suara/{path}.mp3", buffered=True).data


def test_a_page_without_sound_says_so(
    examples: FlaskClient, read: type[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clips, "file", lambda *_: None)
    page = read(examples.get("/").text)
    assert not page.all("audio")
    assert "Belum ada suara" in page.all("main")[0].text


@pytest.mark.slow
def test_clips_are_made_of_the_pages_and_only_anew_when_a_text_changed(tmp_path: Path) -> None:
    if shutil.which("espeak-ng") is None or shutil.which("lame") is None:
        pytest.skip("espeak-ng or lame is not on this machine: apt-get install espeak-ng lame")
    packaged = ROOT / "village_node" / "web" / "audio"
    if packaged.is_dir():
        shutil.copytree(packaged, tmp_path, dirs_exist_ok=True)
    (tmp_path / "id").mkdir(exist_ok=True)
    (tmp_path / "id" / "step-gone.mp3").write_bytes(b"of an older version")
    (tmp_path / "id" / "home.mp3").unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, ROOT / "scripts" / "make-audio", tmp_path], check=True, capture_output=True
    )
    made = {file.stem for file in (tmp_path / "id").glob("*.mp3")}
    assert made == {*PAGES, *material_texts(Catalogue())}
    clip = (tmp_path / "id" / "home.mp3").read_bytes()
    assert clip[:3] == b"ID3" or clip[0] == 0xFF
    assert 20_000 < len(clip) < 500_000
