"""Pictures and sounds of a form: sent clean, refused with words, and nothing else lost."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from small_media import AMR, HEIC, SECRET, jpeg, mp3
from werkzeug.test import TestResponse

from sync.media.cleaning import MOST_CLEAN_BYTES, Kind
from sync.media.refusals import MediaRefused, Refusal
from sync.media.worker import cleaned
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType
from village_node.services import StorageFailed
from village_node.web.public_app import create_public_app
from village_node.web.uploads import FILE_FIELDS, LABELS, SENTENCES, Shelf

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

TOKEN = "token-of-a-form-0001"
FIELDS = {"form_token": TOKEN, "kind": "other", "narrative": "cerita", "go": "send"}


def clean_here(kind: Kind, file: IO[bytes]) -> Attachment:
    """Clean in this process: what the child answers, without starting one."""
    file.seek(0)
    answer = cleaned(kind, file.read())
    if answer[0] == 0:
        raise MediaRefused(Refusal(answer[1:].decode()))
    return Attachment(MediaType(answer[0]), answer[1:])


@pytest.fixture
def client(services: MemoryServices) -> FlaskClient:
    return create_public_app(services, village_name="Pringgarata", clean=clean_here).test_client()


def send(client: FlaskClient, path: str = "/isi", **files: bytes) -> TestResponse:
    held = files.pop("held", b"").decode().split()
    data: dict[str, object] = {**FIELDS, "held": held}
    data |= {name: (io.BytesIO(content), f"{SECRET.decode()}.jpg") for name, content in files.items()}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_every_refusal_and_every_input_has_its_words() -> None:
    assert set(SENTENCES) == set(Refusal)
    assert set(LABELS) == set(FILE_FIELDS)


def test_the_last_page_asks_for_files_and_sends_what_was_told(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/isi", data=FIELDS | {"go": "files"}).text)
    inputs = [e for e in page.all("input") if e["type"] == "file"]
    assert [(e["name"], e["accept"], "capture" in e) for e in inputs] == [
        ("photo", "image/*", False),
        ("photo2", "image/*", False),
        ("voice", "audio/*", True),
    ]
    [form] = [e for e in page.all("form") if e["action"] == "/isi"]
    assert form["enctype"] == "multipart/form-data"
    assert page.value("narrative") == "cerita"
    names = [e["name"] for e in page.all("input") if e["name"]]
    assert names.index("narrative") < names.index("photo")  # what is cut of a large body comes last


def test_good_files_go_with_the_report_and_clean(client: FlaskClient, services: MemoryServices) -> None:
    response = send(client, photo=jpeg(), voice=mp3())
    assert "Laporan Anda sudah tersimpan" in response.text
    assert [one.media_type for one in services.attachments] == [MediaType.JPEG, MediaType.MP3]
    assert not any(SECRET in one.content for one in services.attachments)
    assert services.reports[0]["narrative"] == "cerita"


def test_inputs_left_empty_are_no_files(client: FlaskClient, services: MemoryServices) -> None:
    left = {name: (io.BytesIO(), "") for name in FILE_FIELDS}
    assert client.post("/isi", data=FIELDS | left, content_type="multipart/form-data").status_code == 200
    assert services.attachments == []
    assert len(services.reports) == 1


def test_a_file_that_arrives_empty_is_said_to_be_missing(
    client: FlaskClient, services: MemoryServices
) -> None:
    """As from a cloud folder, when the phone has no internet to fetch it."""
    response = send(client, voice=b"")
    assert response.status_code == 422
    assert "rusak atau terpotong" in response.text
    assert services.reports == []


def test_a_bad_file_is_said_and_nothing_else_is_lost(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    response = send(client, photo=jpeg(), photo2=HEIC, voice=AMR)
    assert response.status_code == 422
    page = read(response.text)
    assert "Paling Kompatibel" in page.by_id("photo2-error").text
    assert page.by_id("photo2")["aria-describedby"] == "photo2-error"
    assert page.value("narrative") == "cerita"
    assert [e["value"] for e in page.all("input") if e["name"] == "held"] == ["photo", "voice"]
    assert services.reports == []
    # The next time the good ones come along without being chosen again.
    send(client, held=b"photo voice")
    assert [one.media_type for one in services.attachments] == [MediaType.JPEG, MediaType.AMR]


def test_a_good_file_that_is_gone_is_noticed(client: FlaskClient, services: MemoryServices) -> None:
    response = send(client, held=b"photo")
    assert response.status_code == 422
    assert "sudah tidak ada di kotak ini" in response.text
    assert services.reports == []


def test_files_wait_while_the_store_fails(client: FlaskClient, services: MemoryServices) -> None:
    services.failure = StorageFailed()
    response = send(client, photo=jpeg())
    assert response.status_code == 503
    assert '<input type="hidden" name="held" value="photo">' in response.text
    services.failure = None
    send(client, held=b"photo")
    assert len(services.attachments) == 1


def test_in_practice_nothing_is_cleaned_or_sent(client: FlaskClient, services: MemoryServices) -> None:
    response = send(client, "/latihan", photo=HEIC)
    assert "Latihan selesai" in response.text
    assert services.reports == []
    assert services.attachments == []


def test_no_name_of_a_file_is_shown_or_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    assert SECRET.decode() not in send(client, photo=HEIC).text
    assert SECRET.decode() not in caplog.text


def test_fields_beside_files_are_bounded_as_without(client: FlaskClient) -> None:
    response = client.post(
        "/isi",
        data={**FIELDS, "narrative": "a" * 300_000, "photo": (io.BytesIO(jpeg()), "a.jpg")},
        content_type="multipart/form-data",
    )
    assert response.status_code == 413


def test_clean_files_together_are_no_more_than_a_report_may_have() -> None:
    from sync.wire.attachments import MAX_ATTACHED_BYTES

    assert sum(MOST_CLEAN_BYTES[kind] for kind in FILE_FIELDS.values()) <= MAX_ATTACHED_BYTES


def test_the_shelf_is_bounded_and_drops_the_oldest() -> None:
    shelf = Shelf(most_bytes=100, most_forms=2)
    for name in ("a", "b", "c"):
        shelf.put(name, {"photo": Attachment(MediaType.JPEG, bytes(40))})
    assert [len(shelf.get(name)) for name in ("a", "b", "c")] == [0, 1, 1]
    shelf.put("d", {"photo": Attachment(MediaType.JPEG, bytes(90))})
    assert [len(shelf.get(name)) for name in ("b", "c", "d")] == [0, 0, 1]
    shelf.put("d", {})
    assert shelf.get("d") == {}
