"""A bulletin goes from two people at a hub to a village's site, wall and back; updated and cancelled."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from facilitator import Facilitator
from pypdf import PdfReader
from sent_bulletins import BUDI, RATNA
from village import VILLAGE, Region, quick_folder

from hub.bulletins.services import BulletinDraft
from village_node.web.public_app import create_public_app

FIRST = "Waspada tawaran kerja di Kamboja. Jangan serahkan paspor."
SECOND = "Waspada tawaran kerja di Kamboja dan Laos. Telepon polisi 110."


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def send(region: Region, text: str, replaces: int | None = None) -> int:
    bulletins = region.hub.store.bulletins
    until = bulletins.today() + datetime.timedelta(days=20)
    draft = BulletinDraft("Actual", "offer", 3, "Likely", VILLAGE, until, True, text, replaces=replaces)
    number = bulletins.save(None, draft, who=BUDI)
    bulletins.submit(number, who=BUDI)
    bulletins.approve(number, bulletins.view(number, who=RATNA, first=0, limit=1).seen, who=RATNA)
    region.talk_by_radio(for_s=240)
    return number


def test_a_bulletin_s_way_to_the_village_and_back_by_radio(region: Region) -> None:
    node = region.node()
    region.talk_by_radio(for_s=60)
    number = send(region, FIRST)
    site = create_public_app(
        node, quizzes=node.sessions, notices=node.notices.public, village_name="Pringgarata"
    ).test_client()
    facilitator = Facilitator(node).sign_in()
    assert FIRST in site.get("/pengumuman").text

    [notice] = node.notices.all()
    address = f"/cetak/bulletin/{notice.serial}/A4.pdf"
    assert address in facilitator.read("/pengumuman")
    poster = " ".join(PdfReader(io.BytesIO(facilitator.get(address).data)).pages[0].extract_text().split())
    assert "Bahaya" in poster
    assert "Jangan serahkan paspor." in poster
    assert "Berlaku sampai 4-2-2027" in poster

    facilitator.post("/pengumuman", serial=str(notice.serial), step="announced")
    region.talk_by_radio(for_s=240)
    seen = region.hub.store.bulletins.view(number, who=BUDI, first=0, limit=9).notice
    assert seen is not None
    assert seen.villages[0].announced_at is not None

    newer = send(region, SECOND, replaces=number)
    page = site.get("/pengumuman").text
    assert (SECOND in page, FIRST in page) == (True, False)
    assert facilitator.get(address).status_code == 404

    region.hub.store.bulletins.cancel(newer, who=BUDI)
    region.talk_by_radio(for_s=240)
    assert SECOND not in site.get("/pengumuman").text
