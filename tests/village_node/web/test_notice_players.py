"""Each site plays the clips of what it shows: whole or in part, and no other."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from facilitator import Facilitator
from flask.testing import FlaskClient
from village import Region, quick_folder

from hub.notice_services import NoticeDraft
from sync.wire.numbers import NoticeKind
from tests.village_node.web.conftest import Page
from village_node.web.public_app import create_public_app

OPEN, CLOSED = "Awas.", "Siaga."


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """Two notices with clips of a real voice: the first for everybody, the second for the facilitator."""
    with quick_folder(tmp_path_factory.mktemp("region")) as folder:
        region = Region(folder)
        region.node()
        region.settle()
        until = region.hub.store.notices.today() + datetime.timedelta(days=5)
        for text in (OPEN, CLOSED):
            draft = NoticeDraft(NoticeKind.BULLETIN, 2, text == OPEN, until, text, (1,))
            region.hub.store.notices.write(draft, by="sari")
        region.settle()
        region.node().sounds.settle()
        yield region
        region.close()


@pytest.fixture(scope="module")
def public(region: Region) -> FlaskClient:
    node = region.node()
    return create_public_app(
        node, village_name="Contoh", notices=node.notices.public, sound_of=node.sounds.file_of
    ).test_client()


@pytest.fixture(scope="module")
def desk(region: Region) -> Facilitator:
    return Facilitator(region.node()).sign_in()


@pytest.fixture
def serials(region: Region) -> tuple[int, int]:
    by_text = {notice.text: notice.serial for notice in region.node().notices.all()}
    return by_text[OPEN], by_text[CLOSED]


def test_a_notice_can_be_heard_under_its_own_name(
    public: FlaskClient, serials: tuple[int, int], read: Callable[[str], Page]
) -> None:
    address = f"/pengumuman/{serials[0]}.mp3"
    for path in ("/pengumuman", "/en/pengumuman"):
        page = read(public.get(path).text)
        [player] = [audio for audio in page.all("audio") if "pengumuman" in audio["src"]]
        assert player["src"] == address
        assert player["preload"] == "none"
        assert "controls" in player
        names = player["aria-labelledby"].split()
        said = [page.by_id(name).text.strip() for name in names]
        assert said == (["Dengarkan", "Waspada"] if path == "/pengumuman" else ["Listen", "Be careful"])
        assert "suara di kotak ini" not in page.all("main")[0].text, "what can be heard is not denied"
    clip = public.get(address, buffered=True)
    assert (clip.status_code, clip.mimetype) == (200, "audio/mpeg")
    assert int(clip.headers["Content-Length"]) == len(clip.data) > 2_000
    assert clip.headers["Cache-Control"] == "no-store"


def test_a_part_can_be_asked_for(public: FlaskClient, serials: tuple[int, int]) -> None:
    address = f"/pengumuman/{serials[0]}.mp3"
    whole = public.get(address, buffered=True)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = public.get(address, headers={"Range": "bytes=100-199"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    beyond = public.get(address, headers={"Range": "bytes=9999999-"}, buffered=True)
    assert beyond.status_code == 416


def test_what_is_for_the_facilitator_alone_is_not_heard_on_the_village_s_site(
    public: FlaskClient, desk: Facilitator, serials: tuple[int, int]
) -> None:
    clip, text = f"/pengumuman/{serials[1]}.mp3", public.get("/pengumuman").text
    assert clip not in text
    assert public.get(clip).status_code == 404
    page = desk.read("/pengumuman")
    assert page.count("<audio controls") == 2
    assert f'aria-labelledby="dengar-{serials[1]} kabar-{serials[1]}"' in page
    heard = desk.get(clip, buffered=True)
    assert (heard.status_code, heard.mimetype) == (200, "audio/mpeg")


def test_without_a_pin_the_facilitator_s_site_plays_nothing(region: Region, serials: tuple[int, int]) -> None:
    answer = Facilitator(region.node()).get(f"/pengumuman/{serials[0]}.mp3")
    assert answer.status_code == 303
    assert b"\xff\xf3" not in answer.data


@pytest.mark.parametrize("path", ["999.mp3", "{}.wav", "{}.ogg", "x.mp3", "-1.mp3", "..%2f{}.mp3"])
def test_no_other_address_plays(public: FlaskClient, serials: tuple[int, int], path: str) -> None:
    assert public.get(f"/pengumuman/{path.format(serials[0])}").status_code == 404


def test_a_clip_that_went_between_two_looks_is_not_there(
    region: Region, serials: tuple[int, int], tmp_path: Path
) -> None:
    node = region.node()
    site = create_public_app(
        node, village_name="Contoh", notices=node.notices.public, sound_of=lambda _: tmp_path / "gone.mp3"
    )
    assert site.test_client().get(f"/pengumuman/{serials[0]}.mp3").status_code == 404


def test_a_box_that_cannot_speak_shows_no_player(region: Region) -> None:
    node = region.node()
    site = create_public_app(node, village_name="Contoh", notices=node.notices.public)
    page = site.test_client().get("/pengumuman").text
    assert OPEN in page
    assert "/pengumuman/" not in page
    assert "dengar-" not in page
