"""What pages of the material share: the day, and clips that say what is shown."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import g
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from content.files import shipped_files
from village_node.web.languages import BY_TAG
from village_node.web.material import Material
from village_node.web.public_app import PublicSite
from village_node.web.shown_content import shipped_content
from village_node.web.spoken import WORDS_FILE, Clips, Examples, digest_of

if TYPE_CHECKING:
    from tests.village_node.web.conftest import Page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for tag in ("id", "en"):
        (tmp_path / tag).mkdir()
    return tmp_path


def clip_for(material: Material, site: PublicSite, tag: str) -> str | None:
    with site.test_request_context():
        g.language = BY_TAG[tag]
        found = material.clip("offer-red", "offer_check", lambda catalogue: catalogue.offer_rules.notice)
        return None if found is None else f"{found.path} {found.own_language}"


def write(folder: Path, tag: str, words: str | None) -> None:
    (folder / tag / "offer-red.mp3").write_bytes(b"sound")
    if words is not None:
        (folder / tag / WORDS_FILE).write_text(json.dumps({"offer-red": digest_of(words)}))


def test_a_clip_is_played_only_for_the_words_that_it_was_made_of(folder: Path, site: PublicSite) -> None:
    material = Material(shipped_content(), Clips((folder,)), Examples())
    assert clip_for(material, site, "id") is None
    write(folder, "id", "Words of the version before.")
    assert clip_for(material, site, "id") is None
    # Numbers are made of digits one by one, so that the words are as they were spoken.
    spoken = Catalogue().offer_rules.notice.replace("1000", "1 0 0 0").replace("0800", "0 8 0 0")
    (folder / "id" / WORDS_FILE).unlink()
    write(folder, "id", spoken)
    assert clip_for(material, site, "id") == "/suara/id/offer-red.mp3 True"


def test_a_recording_by_a_person_needs_no_list_of_words(folder: Path, site: PublicSite) -> None:
    write(folder, "id", None)
    material = Material(shipped_content(), Clips((folder,)), Examples())
    assert clip_for(material, site, "id") == "/suara/id/offer-red.mp3 True"


def test_without_a_clip_of_its_own_a_page_offers_the_indonesian_one(folder: Path, site: PublicSite) -> None:
    write(folder, "id", None)
    material = Material(shipped_content(), Clips((folder,)), Examples())
    for tag in ("en", "sas"):
        assert clip_for(material, site, tag) == "/suara/id/offer-red.mp3 False"
    write(folder, "en", None)
    assert clip_for(material, site, "en") == "/suara/en/offer-red.mp3 True"


def test_words_that_newer_material_lost_are_no_failure(folder: Path, site: PublicSite) -> None:
    material = Material(shipped_content(), Clips((folder,)), Examples())
    with site.test_request_context():
        assert material.clip("x", "help", lambda catalogue: dict[str, str]()["gone"]) is None
        assert material.clip("x", "help", lambda catalogue: catalogue.lesson("gone").title) is None


def test_the_material_is_asked_for_at_every_page_so_that_it_can_be_replaced(site: PublicSite) -> None:
    newer = dict(shipped_files())
    newer["languages/id/offer_check.toml"] = newer["languages/id/offer_check.toml"].replace(
        b"Kerjanya di mana?", b"Negara mana?"
    )
    versions = [Catalogue()]
    material = Material(lambda tag: versions[-1], Clips(()), Examples())
    assert material.catalogue().offer_rules.questions[0].title == "Kerjanya di mana?"
    versions.append(Catalogue(newer))
    assert material.catalogue().offer_rules.questions[0].title == "Negara mana?"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/cek", None),
        ("/cek", {"step": "destination", "a.destination": "asia"}),
        ("/cek", {"a.destination": "asia", "a.age": "child", "go": "result"}),
        ("/agen", None),
        ("/agen", {"a.destination": "asia", "firm": "contoh karya"}),
        ("/bantuan", None),
        ("/belajar", None),
        ("/belajar/biaya", None),
        ("/kuis/tawaran", {"step": "janji", "a.janji": "a", "go": "next"}),
        ("/kuis/tawaran", {"step": "janji", "a.janji": "a"}),
        ("/kuis/tawaran", {"step": "cepat", "a.janji": "a", "go": "back"}),
        ("/kuis/tawaran", {"step": "teman", "a.teman": "b", "go": "next"}),
    ],
)
def test_every_page_can_be_read_in_another_language_and_loses_nothing(
    client: FlaskClient, read: type[Page], path: str, form: dict[str, str] | None
) -> None:
    here = read((client.get(f"/en{path}") if form is None else client.post(f"/en{path}", data=form)).text)
    [ways] = [e for e in here.elements if e["class"] == "tongues"]
    offered = {
        e["lang"]: e["href"] or e["formaction"] for e in here.elements if ways in e.inside and e["lang"]
    }
    assert offered == {tag: f"/{tag}{path}".removeprefix("/id") for tag in BY_TAG if tag != "en"}
    sent = {e["name"]: e["value"] for e in here.elements if ways in e.inside and e["name"]}
    there = client.get(offered["id"]) if ways.tag == "p" else client.post(offered["id"], data=sent)
    page = read(there.text)
    assert page.all("html")[0]["lang"] == "id"
    assert shape(page) == shape(here)


def shape(page: Page) -> list[tuple[str, str]]:
    """What a page asks and holds, whatever its language."""
    return [(e["name"], e["value"]) for e in page.elements if e["name"] and e.tag in ("input", "button")]


def test_a_box_without_a_clock_knows_no_day() -> None:
    class Clocked(Examples):
        def today(self) -> str | None:
            return "2026-11-26"

    assert Material(shipped_content(), Clips(()), Examples()).today() is None
    assert Material(shipped_content(), Clips(()), Clocked()).today() == datetime.date(2026, 11, 26)
