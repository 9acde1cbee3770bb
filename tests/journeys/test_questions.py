"""A village asks what no material answers; the hub answers; the next pack answers the village."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from village import Region, quick_folder

from content.files import shipped_files
from content.packs import pack
from hub.gaps.export import fragments, with_answers
from hub.gaps.services import GapAnswer
from hub.services import SignedIn
from village_node.web.public_app import create_public_app

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KETUT = SignedIn("ketut", "administrator")
ASKED = "kapal pinisi ke singapura berangkat jam berapa"


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        region.create_hub(release_public=KEY.public_key().public_bytes_raw())
        yield region
        region.close()


def ask(site: FlaskClient) -> str:
    return " ".join(site.post("/tanya", data={"q": ASKED}).text.split())


def test_a_question_comes_back_as_an_answer_with_source_and_date(region: Region) -> None:
    node = region.node()
    node.store.material._trial = lambda folder: None
    node.material.tell()
    site = create_public_app(
        node, village_name="Contoh", questions=node.questions, content=node.store.material.catalogue
    ).test_client()
    page = ask(site)
    assert "Saya tidak tahu" in page
    [token] = re.findall(r'name="form_token" value="([^"]+)"', page)
    sent = site.post("/tanya/kirim", data={"q": ASKED, "form_token": token})
    assert "Pertanyaan tersimpan dan akan dikirim" in sent.text
    region.settle()

    gaps = region.hub.store.gaps
    [row] = gaps.rows("open", who=KETUT)
    assert row.newest == ASKED
    lines = ("Tidak ada kapal pinisi untuk penumpang ke Singapura.",)
    answer = GapAnswer("Kapal ke Singapura", lines, (ASKED,), "Pelabuhan Contoh", "2026-11-20", verified=True)
    gaps.answer(row.id, answer, who=KETUT)
    files = with_answers(shipped_files(), fragments(gaps.answers(), "a1"))
    day = datetime.date(2026, 11, 26)
    region.hub.store.content.add(pack(files, version=2, made_at=day, release_key=KEY))
    region.exchange()
    node.material.settle()

    page = ask(site)
    assert lines[0] in page
    assert "Pelabuhan Contoh, 20-11-2026" in page
    assert "Kirim pertanyaan ini" not in page
