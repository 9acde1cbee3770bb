"""The pages of a box and of its enrolment, on a hub's real site."""

from __future__ import annotations

import base64
import re

from village import OTHER_VILLAGE, VILLAGE, Region
from werkzeug.test import TestResponse

from hub.models import Node
from sync.sealing.derivation import spoken_fingerprint
from sync.sealing.enrolment import Enrolment
from tests.hub.web.test_export_pages import Seat
from village_node.enrolment_reading import read_enrolment

FORM = "0" * 32


def bound(region: Region) -> str:
    """Let the village's box speak; return its fingerprint."""
    region.file()
    region.exchange()
    node = Node.select().where(Node.number == 1).first(region.hub.store.database)
    return spoken_fingerprint(bytes(node.static_public))


def noted(region: Region) -> list[tuple[str, str, str, str]]:
    entries = [kept.entry for kept in region.hub.store.audit.entries()]
    return [(e.by, e.what, e.about, e.reason) for e in entries if e.what.startswith("box ")]


def enrol(seat: Seat, **typed: str) -> TestResponse:
    given = {"village": OTHER_VILLAGE, "village_name": "Contoh", "days": "30", "form_id": FORM}
    return seat.post("/pendaftaran", **{**given, **typed})


def part(page: str, kind: str) -> bytes:
    [found] = re.findall(f'href="data:{kind};base64,([^"]+)"', page)
    return base64.b64decode(found)


def test_a_box_is_marked_until_its_fingerprint_was_compared(region: Region) -> None:
    digits = bound(region)
    seat = Seat(region, "budi", "supervisor")
    for path in ("/desa", "/desa/1", "/desa/1/kotak"):
        assert "Belum dicocokkan" in seat.client.get(path).text
    misheard = seat.post("/desa/1/kotak/sidik", digits="1" * 19)
    assert (misheard.status_code, "terdiri atas 20 angka" in misheard.text) == (422, True)
    wrong = seat.post("/desa/1/kotak/sidik", digits="1" * 20)
    assert (wrong.status_code, "bukan sidik kotak ini" in wrong.text) == (422, True)
    assert seat.post("/desa/1/kotak/sidik", digits=digits).status_code == 303
    for path in ("/desa", "/desa/1", "/desa/1/kotak"):
        assert "Belum dicocokkan" not in seat.client.get(path).text
    assert re.search(r"oleh <bdi>budi</bdi>, <time", " ".join(seat.client.get("/desa/1/kotak").text.split()))
    assert ("budi", "box compared", "node 1", "") in noted(region)


def test_a_box_is_shut_out_for_a_reason_and_after_a_second_look(region: Region) -> None:
    bound(region)
    seat, path = Seat(region, "budi", "supervisor"), "/desa/1/kotak/cabut"
    assert seat.post(path, sure="1").status_code == 422
    look = seat.post(path, text="Dicuri dari balai desa")
    assert "Ya, cabut kotak nomor 1" in look.text
    assert not Node.select().where(Node.retired).exists(region.hub.store.database)
    for _ in range(2):
        assert seat.post(path, text="Dicuri dari balai desa", sure="1").status_code == 303
    assert "Dicabut" in seat.client.get("/desa/1/kotak").text
    assert [row for row in noted(region) if row[1] == "box revoked"] == [
        ("budi", "box revoked", "node 1", "Dicuri dari balai desa")
    ]


def test_an_enrolment_is_shown_once_with_its_sheet_and_code(region: Region) -> None:
    seat = Seat(region, "ketut", "administrator")
    answer = enrol(seat, hub_url="https://hub.example")
    assert answer.headers["Cache-Control"] == "no-store"
    assert part(answer.text, "application/pdf").startswith(b"%PDF")
    one = read_enrolment(part(answer.text, "image/png"))
    assert one == Enrolment.from_text(part(answer.text, "application/json").decode())
    assert (one.village, one.hub_url) == (OTHER_VILLAGE, "https://hub.example")
    node = Node.select().where(Node.number == one.node_number).first(region.hub.store.database)
    assert bytes(node.psk) == one.psk
    again = enrol(seat, hub_url="https://hub.example")
    assert ("hanya ditampilkan sekali" in again.text, "data:" in again.text) == (True, False)
    assert ("ketut", "box enrolled", f"node {one.node_number}", "") in noted(region)


def test_what_is_wrong_with_an_enrolment_is_said(region: Region) -> None:
    region.file()
    seat = Seat(region, "ketut", "administrator")
    count = len(noted(region))
    for typed, why in (
        ({"village": "52.99.x"}, "Tulis kode desa"),
        ({"hub_url": "ftp://hub.example"}, "https://"),
        ({"days": "0"}, "1 sampai 3650"),
        ({"village_name": "x" * 241}, "paling panjang 240"),
        ({"village": VILLAGE}, "sudah mempunyai kotak"),
    ):
        answer = enrol(seat, **typed)
        assert (answer.status_code, why in answer.text) == (422, True), typed
    assert len(noted(region)) == count
    assert "data:application/pdf" in enrol(seat, village=VILLAGE, replace="1").text
    assert noted(region)[-1][1:] == ("box enrolled", "node 2", "in the place of another")
