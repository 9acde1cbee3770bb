from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from village_node.web.languages import (
    CATALOGUES,
    INDONESIAN,
    LANGUAGES,
    Language,
    _catalogue,
    current,
    to,
    translate,
)
from village_node.web.messages import all_messages
from village_node.web.public_app import create_public_app
from village_node.web.spoken import PAGES, Clips, Examples

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

ROOT = Path(__file__).parents[3]
OTHERS = [language for language in LANGUAGES if language != INDONESIAN]


def test_outside_of_a_page_all_is_indonesian() -> None:
    assert current() is INDONESIAN
    assert translate("Tunggu %(wait)s.", wait="1 menit") == "Tunggu 1 menit."
    assert translate("100 %") == "100 %"
    assert translate("") == ""
    assert to("/isi") == "/isi"


def test_indonesian_may_be_asked_for_by_name(client: FlaskClient) -> None:
    assert client.get("/id/isi").status_code == 200
    assert client.get("/id").text == client.get("/").text
    assert client.get("/xx/isi").status_code == 404


def test_catalogues_are_complete_and_compiled_from_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["update-catalogues", "--check"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "scripts" / "update-catalogues"), run_name="__main__")
    assert ended.value.code == 0, f"run scripts/update-catalogues: {capfd.readouterr().err}"


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.tag)
def test_a_language_that_awaits_review_says_so_in_the_file_and_on_every_page(
    client: FlaskClient, read: type[Page], language: Language
) -> None:
    assert not language.reviewed
    catalogue = (CATALOGUES / language.tag / "LC_MESSAGES" / "site.po").read_text("utf-8")
    assert "AWAITING REVIEW" in catalogue.split("msgid")[0]
    examples = create_public_app(Examples(), quizzes=Examples(), village_name="Contoh").test_client()
    for path, form in (*PAGES.values(), ("/sehat", None), ("/tidak-ada", None)):
        address = f"/{language.tag}{path}"
        page = read((examples.get(address) if form is None else examples.post(address, data=form)).text)
        assert page.all("html")[0]["lang"] == language.tag
        assert [e for e in page.all("a") if e.text == "Bahasa Indonesia"], address
        # Every way on stays in the language, but for the one back to Indonesian and those to other languages.
        for e in page.elements:
            if e["href"].startswith("/") and not e["lang"] or e["action"]:
                assert (e["href"] + e["action"]).startswith((f"/{language.tag}", "/suara/")), e
        assert len(str(page)) < 50_000


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.tag)
def test_placeholders_survive_translation(language: Language) -> None:
    for text in all_messages():
        said = _catalogue(language.tag).gettext(text)
        assert sorted(re.findall(r"%\(\w+\)s", said)) == sorted(re.findall(r"%\(\w+\)s", text))
        assert "%" not in re.sub(r"%\(\w+\)s", "", said)


def test_a_language_without_a_recording_offers_the_indonesian_one(
    client: FlaskClient, read: type[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clips, "file", lambda _, tag, name: Path("x") if tag == "id" else None)
    page = read(client.get("/sas/isi").text)
    assert [e["src"] for e in page.all("audio")] == ["/suara/id/step-kind.mp3"]
    assert "Ndeqman araq suare leq base niki" in page.all("main")[0].text


def test_errors_and_ages_are_told_in_the_language_of_the_page(client: FlaskClient) -> None:
    refused = client.post("/en/isi", data={"step": "story", "kind": "other"})
    assert "Write a little. One sentence is enough." in refused.text
    assert "There is no such page" in client.get("/en/nothing").text
    too_large = client.post("/en/isi", data={"narrative": "x" * 300_000})
    assert "at most 256 kilobytes" in too_large.text


def test_a_report_in_another_language_is_the_same_report(
    client: FlaskClient, services: MemoryServices, small_report: dict[str, str]
) -> None:
    client.post("/mad/isi", data=small_report)
    assert services.reports[0]["kind"] == "recruiter"


def in_another_language(page: Page, tag: str) -> tuple[str, dict[str, str]]:
    """Return where the button of a language leads, and what a browser sends with it."""
    [button] = [e for e in page.all("button") if e["lang"] == tag]
    [form] = [e for e in button.inside if e.tag == "form"]
    sent = {e["name"]: page.value(e["name"]) for e in page.elements if form in e.inside and e["name"]}
    return button["formaction"], sent | {button["name"]: button["value"]}


@pytest.mark.parametrize(
    ("path", "typed", "kept"),
    [
        ("/isi", {"go": "step:story", "kind": "victim", "narrative": "Cerita."}, ("kind", "narrative")),
        ("/latihan", {"go": "step:name", "recruiter.alias": "Contoh"}, ("recruiter.alias",)),
        ("/isi", {"go": "list", "kind": "victim", "narrative": "Cerita."}, ("kind", "narrative")),
        ("/isi", {"go": "send", "kind": "victim", "narrative": ""}, ("kind",)),
        ("/nomor", {"code": "1234 5678"}, ("code",)),
    ],
)
def test_the_page_changes_its_language_and_keeps_what_was_typed(
    client: FlaskClient, read: type[Page], path: str, typed: dict[str, str], kept: tuple[str, ...]
) -> None:
    page = read(client.post(path, data=typed).text)
    address, sent = in_another_language(page, "jv")
    assert address == f"/jv{path}"
    answer = client.post(address, data=sent)
    there = read(answer.text)
    assert (answer.status_code, there.all("html")[0]["lang"]) == (200, "jv")
    for name in kept:
        assert there.value(name) == typed[name]
    back, _ = in_another_language(there, "id")
    assert back == path
