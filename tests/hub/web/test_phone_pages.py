"""The page about phones: a QR code once, and the form to download."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib

import pytest
from filled_hub import as_account
from flask.testing import FlaskClient
from inbox_arrivals import listed
from openpyxl import load_workbook
from phone import Phone
from village import VILLAGE, Region

from hub.web.form_tokens import FormTokens
from hub.web.phone_pages import collect_settings


@pytest.fixture
def ketut(region: Region) -> FlaskClient:
    region.create_node()
    region.hub.store.accounts.add("ketut", "administrator", "kentongan bertalu-talu")
    client = region.hub.create_app().test_client()
    with client.session_transaction() as session:
        session["id"] = region.hub.store.accounts.begin_session("ketut")
    return client


def make(client: FlaskClient, **typed: str) -> tuple[int, str]:
    with client.session_transaction() as session:
        token = FormTokens(client.application.secret_key).token(session["id"])  # type: ignore[arg-type]
    form = {
        "purpose": "Ponsel Sari",
        "areas": VILLAGE[:5],
        "days": "9",
        "address": "https://hub.example/openrosa",
    }
    answer = client.post("/ponsel", data={"form_token": token, **form, **typed})
    return answer.status_code, answer.text


def test_the_settings_are_what_collect_reads_from_a_qr_code() -> None:
    told = collect_settings("https://hub.example/openrosa", "kt1_abc", "Pusat")
    settings = json.loads(zlib.decompress(base64.b64decode(told)))
    assert set(settings) == {"general", "admin", "project"}
    general = settings["general"]
    assert (general["server_url"], general["username"]) == ("https://hub.example/openrosa", "kt1")
    assert general["password"] == "kt1_abc"
    assert (general["delete_send"], general["autosend"]) == (True, "wifi_and_cellular")


def test_a_new_phone_gets_a_token_that_files_and_is_shown_once(region: Region, ketut: FlaskClient) -> None:
    status, page = make(ketut)
    assert status == 200
    [token] = re.findall(r"<code>(kt1_[\w-]{43})</code>", page)
    assert "<svg" in page
    program = region.hub.store.sharing.tokens.program(token)
    assert program is not None
    assert program.scopes == {"file"}
    assert program.who.areas == (VILLAGE[:5],)
    assert token not in ketut.get("/ponsel").text
    assert "mengirim laporan dari ponsel" in ketut.get("/token").text
    phone = Phone(region, token=token)
    assert phone.post(phone.fill()).status_code == 201
    [row] = listed(region)
    shown = ketut.get(f"/reports/{row.id}").text
    assert "Token 1: Ponsel Sari" in re.sub(r"<[^>]*>", "", shown)
    assert f"/reports/{row.id}/answer" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"address": "http://hub.example/openrosa"}, "https://"),
        ({"address": "https://a:b@hub.example"}, "https://"),
        ({"address": "https://[x"}, "https://"),
        ({"address": "javascript:x"}, "https://"),
        ({"address": ""}, "https://"),
        ({"purpose": ""}, "untuk apa token ini"),
        ({"areas": "99"}, "Kode wilayah seperti"),
        ({"days": "0"}, "1 sampai 366 hari"),
    ],
)
def test_what_is_wrong_is_said_and_no_token_is_made(
    region: Region, ketut: FlaskClient, typed: dict[str, str], said: str
) -> None:
    status, page = make(ketut, **typed)
    assert (status, said in page) == (422, True)
    assert region.hub.store.sharing.tokens.rows() == []


def test_the_form_and_the_villages_are_downloads(ketut: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(ketut.get("/ponsel/formulir.xlsx").data))
    assert book.sheetnames == ["survey", "choices", "settings"]
    villages = ketut.get("/ponsel/villages.csv")
    assert villages.text.splitlines()[0] == "name,label"
    assert VILLAGE in villages.text


def test_the_page_is_in_english_too(region: Region, ketut: FlaskClient) -> None:
    region.hub.store.accounts.change_language("ketut", "en")
    page = as_account(region, "ketut", "/ponsel")
    assert "Phones with ODK Collect" in page
    assert "Make the QR code" in page
