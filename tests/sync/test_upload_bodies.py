"""Large forms as waitress takes them in: in memory files, two at once, cut behind their fields."""

from __future__ import annotations

import gc
import http.client
import re
from collections.abc import Iterator
from typing import IO

import pytest
from small_media import jpeg

from sync import upload_bodies
from sync.media.cleaning import Kind
from sync.serving import WsgiServer
from sync.upload_bodies import MAX_READ_BYTES, MAX_UPLOAD_BYTES, UploadChannel, UploadParser
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType
from village_node.web.bodies import in_memory_server_options
from village_node.web.public_app import MAX_BODY_BYTES, create_public_app
from village_node.web.spoken import Examples

MULTIPART = "multipart/form-data; boundary=XX"


def form(photo: bytes) -> bytes:
    fields = {"form_token": "token-of-a-form-0001", "kind": "other", "narrative": "cerita", "go": "send"}
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'name="photo"; filename="f.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + photo)
    return b"".join(b"--XX\r\nContent-Disposition: form-data; " + p + b"\r\n" for p in parts) + b"--XX--\r\n"


@pytest.fixture
def sizes() -> list[int]:
    return []


@pytest.fixture
def site(sizes: list[int]) -> Iterator[str]:
    def clean(kind: Kind, file: IO[bytes]) -> Attachment:
        sizes.append(file.seek(0, 2))
        return Attachment(MediaType.JPEG, b"\xff\xd8")

    app = create_public_app(Examples(), village_name="Contoh", clean=clean)
    options = in_memory_server_options(MAX_BODY_BYTES)
    server = WsgiServer(app, ("127.0.0.1", 0), options, channel=UploadChannel)
    server.start()
    yield server.url.removeprefix("http://")
    server.close()


def post(site: str, body: bytes) -> tuple[int, str]:
    connection = http.client.HTTPConnection(site, timeout=30)
    try:
        connection.request("POST", "/isi", body, {"Content-Type": MULTIPART})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_large_photo_reaches_the_cleaner_whole(site: str, sizes: list[int]) -> None:
    status, page = post(site, form(jpeg() + bytes(5_000_000)))
    assert (status, sizes) == (200, [len(jpeg()) + 5_000_000])
    assert "Laporan Anda sudah tersimpan" in page


def test_one_beyond_the_limit_is_said_and_the_fields_stay(site: str, sizes: list[int]) -> None:
    status, page = post(site, form(bytes(MAX_UPLOAD_BYTES)))
    assert (status, sizes) == (422, [])
    assert "terlalu besar" in page
    assert 'name="narrative" value="cerita"' in page


def test_a_third_at_once_is_asked_to_wait_and_loses_nothing(site: str, sizes: list[int]) -> None:
    for _ in range(upload_bodies.UPLOADS_AT_ONCE):
        assert UploadParser._slots.acquire(blocking=False)
    try:
        status, page = post(site, form(bytes(1_000_000)))
    finally:
        for _ in range(upload_bodies.UPLOADS_AT_ONCE):
            UploadParser._slots.release()
    assert (status, sizes) == (422, [])
    assert "sedang menerima foto lain" in page
    assert 'name="narrative" value="cerita"' in page
    assert post(site, form(bytes(1_000_000)))[0] == 200


def test_places_are_given_back_also_by_who_goes_away(site: str) -> None:
    for _ in range(2 * upload_bodies.UPLOADS_AT_ONCE):
        connection = http.client.HTTPConnection(site, timeout=30)
        connection.putrequest("POST", "/isi")
        connection.putheader("Content-Type", MULTIPART)
        connection.putheader("Content-Length", "5000000")
        connection.endheaders(b"--XX\r\n" + bytes(1000))
        connection.close()
    status = 0
    for _ in range(50):  # the server notices each in its own time
        gc.collect()
        status, _ = post(site, form(bytes(1_000_000)))
        if status == 200:
            break
    assert status == 200


def test_a_header_of_that_name_from_outside_means_nothing(site: str, sizes: list[int]) -> None:
    connection = http.client.HTTPConnection(site, timeout=30)
    headers = {"Content-Type": MULTIPART, "Kentongan-Body": "busy"}
    connection.request("POST", "/isi", form(bytes(300_000)), headers)
    assert connection.getresponse().status == 200
    connection.close()
    assert sizes == [300_000]


def test_other_large_bodies_are_refused_as_before(site: str) -> None:
    connection = http.client.HTTPConnection(site, timeout=30)
    connection.request(
        "POST",
        "/isi",
        b"narrative=" + b"a" * 300_000,
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    assert answer.status == 413
    assert re.search("256 kilobyte", answer.read().decode())
    connection.close()


def test_beyond_what_is_read_the_server_refuses_by_itself() -> None:
    class Adjustments:
        max_request_header_size = 10_000
        max_request_body_size = 2 * MAX_BODY_BYTES
        inbuf_overflow = 10**9
        url_scheme = "http"

    parser = UploadParser(Adjustments())
    head = f"POST /isi HTTP/1.1\r\nContent-Type: {MULTIPART}\r\nContent-Length: {MAX_READ_BYTES + 1}\r\n\r\n"
    parser.received(head.encode())
    assert parser.completed
    assert parser.error is not None
    assert parser.error.code == 413
