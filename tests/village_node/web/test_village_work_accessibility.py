"""axe-core on the pages of the facilitator's work and on the notices, as a phone of 320 pixels draws them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from browser import open_browser
from facilitator import Facilitator
from village import Region, quick_folder

from hub.notice_services import NoticeDraft
from sync.wire.numbers import NoticeKind
from tests.village_node.web.test_accessibility import faults
from village_node.web.public_app import create_public_app

LINE = {"agency": "PT Contoh", "destination": "Malaysia", "letter_on": "5-11-2026", "people": "3"}
PAGES = ("/keadaan", "/pengumuman", "/surat", "/surat/1", "/data", "/bantu-lapor", "/formulir-kertas")


def pages_of(region: Region) -> dict[str, str]:
    """Every page with something on it, by name."""
    region.node()
    region.settle()
    until = region.hub.store.notices.today() + datetime.timedelta(days=5)
    for kind in (NoticeKind.BULLETIN, NoticeKind.OPPORTUNITY):
        text = "Waspada tawaran kerja di Kamboja.\nJangan serahkan paspor."
        region.hub.store.notices.write(NoticeDraft(kind, 2, True, until, text, (1,)), by="sari")
    region.settle()
    node = region.node()
    desk = Facilitator(node).sign_in()
    desk.post("/surat", **LINE)
    found = {path: desk.client.get(path).text for path in PAGES}
    found["wrong line"] = desk.post("/surat", **{**LINE, "people": "x"}).text
    found["no file"] = desk.post("/data/masuk").text
    found["walk-in"] = desk.client.get("/lapor-warga").text
    public = create_public_app(node, village_name="Contoh", notices=node.notices.public).test_client()
    for path in ("/", "/pengumuman", "/peluang"):
        found[f"public {path}"] = public.get(path).text
    return found


@pytest.mark.slow
def test_axe_finds_nothing_on_the_pages_of_the_village_s_work(tmp_path: Path) -> None:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        try:
            pages = pages_of(region)
        finally:
            region.close()
    with open_browser(tmp_path / "phone", width=320, height=480, javascript=True, phone=True) as phone:
        found = {name: wrong for name, html in pages.items() if (wrong := faults(phone, html))}
    assert found == {}
