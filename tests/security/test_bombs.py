"""Files that unpack without end, over HTTP to a hub's real site: forms of phones, tables of offices."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from inbox_arrivals import listed
from office import Officer
from phone import KETUT, MULTIPART, basic, multipart
from raw_http import Answer, post
from village import Region, quick_folder

from sync.serving import WsgiServer
from sync.upload_bodies import UploadChannel

MOST_BYTES = 24 * 1024 * 1024
"""What a refusal may take beside the body itself; each of these bombs is far more."""
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
FORM = '<data id="kentongan_report"><village>52.02.08.2001</village><narrative>{}</narrative></data>'
XML = {
    "laughs": f'<!DOCTYPE d [<!ENTITY a0 "haha">{LAUGHS}]>' + FORM.format("&a8;"),
    "one large entity": f'<!DOCTYPE d [<!ENTITY a "{"x" * 20_000}">]>' + FORM.format("&a;" * 4_000),
    "a file": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + FORM.format("&a;"),
    "another host": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">' + FORM.format("x"),
    "elements without end": "<a>" * 20_000,
}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with quick_folder(tmp_path_factory.mktemp("bombs")) as folder:
        made = Region(folder)
        yield made
        made.close()


@pytest.fixture(scope="module")
def url(region: Region) -> Iterator[str]:
    server = WsgiServer(region.hub.create_app(), ("127.0.0.1", 0), channel=UploadChannel)
    server.start()
    yield server.url
    server.close()


def measured(url: str, path: str, body: bytes, *headers: str) -> Answer:
    tracemalloc.start()
    answer = post(url, path, body, *headers, kind=MULTIPART)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_BYTES, most
    return answer


def test_a_form_of_entities_is_refused(region: Region, url: str) -> None:
    token = region.hub.store.sharing.tokens.make("Ponsel", ("file",), (), 9, who=KETUT)
    headers = [f"{name}: {value}" for name, value in basic(token).items()]
    for name, xml in XML.items():
        for coding in ("utf-8", "utf-16"):
            sent = multipart(xml.encode(coding), {})
            answer = measured(url, "/openrosa/submission", sent, *headers)
            assert answer.status in (400, 413, 422), (name, coding, answer.status)
            assert b"bukan XML yang utuh" in answer.body, (name, coding, answer.body)
    assert listed(region) == []


def workbook(sheet: bytes, said: int | None = None) -> bytes:
    """Return a package whose sheet unpacks to this; `said` is the size in its table of contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", sheet)
    data = made.getvalue()
    return (
        data if said is None else data.replace(len(sheet).to_bytes(4, "little"), said.to_bytes(4, "little"))
    )


SPACES = b"<worksheet>" + b" " * 32_000_000 + b"</worksheet>"


@pytest.mark.parametrize("said", [None, 90], ids=["as it is", "as something small"])
def test_a_table_that_unpacks_without_end_is_refused(region: Region, url: str, said: int | None) -> None:
    name = f"ketut{said or ''}"
    officer = Officer(region, name, "administrator")
    with officer.client.session_transaction() as session:
        session["id"] = region.hub.store.accounts.begin_session(name)
    [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', officer.get("/impor").text))
    cookie = officer.client.get_cookie("kentongan_hub")
    assert cookie is not None
    fields = {"form_token": token, "source": "BP3MI Contoh"}
    head = "".join(
        f'--XX\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    file = workbook(SPACES, said)
    assert len(file) < 100_000
    head += '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = head.encode() + file + b"\r\n--XX--\r\n"
    answer = measured(url, "/impor", body, f"Cookie: kentongan_hub={cookie.value}")
    assert answer.status == 422
    assert (b"terlalu besar" in answer.body) or (b"bukan XLSX" in answer.body)
