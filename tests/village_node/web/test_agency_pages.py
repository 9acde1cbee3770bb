"""A firm looked up on the list of the box."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING

from flask.testing import FlaskClient

from content.catalogue import Catalogue
from village_node.web.public_app import create_public_app

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

NAME = "PT Contoh Bahari Makmur (REKAAN)"


class Dated(Catalogue):
    """The shipped material with a list of another day, real or made up."""

    as_of = datetime.date(2026, 11, 1)

    @property
    def agencies(self):  # type: ignore[no-untyped-def]
        shipped = Catalogue(self.files).agencies
        return dataclasses.replace(shipped, as_of=self.as_of, is_sample=False)


def text_of(page: Page) -> str:
    return " ".join(page.all("main")[0].text.split())


def test_a_misspelt_name_is_found_and_the_list_has_its_date(client: FlaskClient, read: type[Page]) -> None:
    text = text_of(read(client.post("/agen", data={"firm": "PT. Tjontoh Bahary Makmoer"}).text))
    assert NAME in text
    assert "Menurut daftar tanggal 25-11-2026" in text
    assert "CONTOH-0001" in text


def test_a_made_up_list_says_so_and_makes_nothing_green(client: FlaskClient, read: type[Page]) -> None:
    for response in (client.get("/agen"), client.post("/agen", data={"firm": "contoh bahari makmur"})):
        assert "daftar contoh dengan nama rekaan" in text_of(read(response.text))
        assert "point green" not in response.text


def test_what_was_not_found_is_not_called_illegal(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/agen", data={"firm": "Zamrud Kelana"}).text)
    assert "Tidak ditemukan bukan berarti ilegal" in text_of(page)
    assert [e["class"] for e in page.all("section")] == ["point yellow"]
    assert "tel:08001000" in [e["href"] for e in page.all("a")]


def test_a_real_list_is_green_while_it_is_new_and_has_a_banner_when_it_is_old(
    services: MemoryServices, read: type[Page]
) -> None:
    site = create_public_app(services, village_name="Contoh", content=lambda tag: Dated())
    client = site.test_client()
    firm = {"firm": "contoh bahari makmur"}
    fresh = client.post("/agen", data=firm).text
    assert "point green" in fresh
    Dated.as_of = datetime.date(2026, 5, 1)
    try:
        old = client.post("/agen", data=firm).text
    finally:
        Dated.as_of = datetime.date(2026, 11, 1)
    assert "point yellow" in old
    assert "Daftar ini sudah 208 hari" in text_of(read(old))
    services.today = lambda: None  # type: ignore[method-assign]
    unknown = client.post("/agen", data=firm).text
    assert "point yellow" in unknown
    assert "belum tahu tanggal hari ini" in unknown


def test_nothing_typed_asks_again_and_long_text_is_cut(client: FlaskClient) -> None:
    for typed in ("", "   "):
        response = client.post("/agen", data={"firm": typed})
        assert response.status_code == 422
        assert "Tulis nama perusahaan dulu" in response.text
    assert client.post("/agen", data={"firm": "<b>" + "x" * 5000}).status_code == 200


def test_a_hint_of_one_word_shows_a_name_and_no_verdict(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/agen", data={"firm": "Makmur Sejahtera Raya"}).text)
    assert all(e["class"] == "point yellow" for e in page.all("section"))


def test_out_of_the_check_its_answers_travel_along_and_back(client: FlaskClient, read: type[Page]) -> None:
    answers = {"a.destination": "asia", "a.age": "adult"}
    asked = read(client.post("/cek", data=answers | {"step": "licence", "go": "agencies"}).text)
    assert asked.value("a.age") == "adult"
    found = read(client.post("/agen", data=answers | {"firm": "zzz"}).text)
    back = next(e for e in found.all("form") if e["action"] == "/cek")
    sent = {e["name"]: e["value"] for e in found.elements if back in e.inside and e["name"]}
    question = read(client.post("/cek", data=sent).text)
    assert "Siapa yang mengirim?" in question.all("h1")[0].text
    assert question.value("a.age") == "adult"
