"""The walk of a phone: list, form, villages, HEAD, POST; and what is refused, in OpenRosa's own answer."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from xml.etree import ElementTree

import pytest
from inbox_arrivals import listed
from phone import KETUT, LIST, MANIFEST, MULTIPART, Phone, basic, filled, instance_of, multipart
from small_media import jpeg
from village import OTHER_VILLAGE, VILLAGE, Region
from werkzeug.test import TestResponse

from hub.exports.services import ExportRefused
from hub.openrosa.form import version
from hub.openrosa.xform import md5_of
from hub.village_links import VillageLinks
from hub.web.app import create_hub_app
from sync.serving import WsgiServer
from sync.storage.writer import StorageError
from sync.upload_bodies import MAX_UPLOAD_BYTES, UploadChannel

RESPONSE = "{http://openrosa.org/http/response}"
FILES = (
    "forms/kentongan_report.xml",
    "forms/kentongan_report/manifest",
    "forms/kentongan_report/villages.csv",
)
PATHS = ("formList", *FILES, "submission")


@pytest.fixture
def phone(region: Region) -> Phone:
    region.create_node()
    return Phone(region)


def message(answer: TestResponse) -> str:
    assert answer.mimetype == "text/xml"
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.headers["X-OpenRosa-Accept-Content-Length"] == str(MAX_UPLOAD_BYTES)
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{RESPONSE}OpenRosaResponse"
    [told] = root
    return told.text or ""


def test_a_phone_walks_from_the_list_to_the_inbox_over_a_real_server(region: Region) -> None:
    region.create_node()
    token = region.hub.store.sharing.tokens.make("Ponsel Sari", ("file",), (VILLAGE[:5],), 9, who=KETUT)
    server = WsgiServer(region.hub.create_app(), ("127.0.0.1", 0), channel=UploadChannel)
    server.start()

    def ask(
        address: str, method: str = "GET", body: bytes | None = None, kind: str = ""
    ) -> tuple[int, bytes]:
        headers = {**basic(token), **({"Content-Type": kind} if kind else {})}
        asked = urllib.request.Request(address, data=body, headers=headers, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.headers["X-OpenRosa-Version"] == "1.0"
            return answer.status, answer.read()

    try:
        with pytest.raises(urllib.error.HTTPError) as first:
            urllib.request.urlopen(f"{server.url}/openrosa/formList", timeout=30)
        assert first.value.code == 401
        assert first.value.headers["WWW-Authenticate"].startswith("Basic ")
        first.value.close()
        [form] = ElementTree.fromstring(ask(f"{server.url}/openrosa/formList")[1])
        told = {element.tag.removeprefix(LIST): element.text or "" for element in form}
        assert (told["formID"], told["version"]) == ("kentongan_report", version())
        xform = ask(told["downloadUrl"])[1]
        assert md5_of(xform) == told["hash"]
        [[name, hash_, url]] = ElementTree.fromstring(ask(told["manifestUrl"])[1])
        assert (name.tag, name.text) == (f"{MANIFEST}filename", "villages.csv")
        villages = ask(url.text or "")[1]
        assert md5_of(villages) == hash_.text
        assert villages.decode().splitlines() == [
            "name,label", '52.02.08.2001,"Pringgarata, Kabupaten Lombok Tengah (52.02.08.2001)"',
        ]  # fmt: skip
        assert ask(f"{server.url}/openrosa/submission", "HEAD") == (204, b"")
        answers = {"village": VILLAGE, "channel": "paper", "kind": "missing", "narrative": "Belum pulang."}
        xml = filled(instance_of(xform), {**answers, "photo": "1.jpg"}, "uuid:real")
        photo = jpeg() + bytes(400_000)  # large enough for the memory file of a large form
        sent = multipart(xml, {"1.jpg": photo}), MULTIPART
        status, answer = ask(f"{server.url}/openrosa/submission", "POST", *sent)
        assert status == 201
        assert "Laporan diterima pusat. Lampiran tersimpan: 1." in answer.decode()
        assert ask(f"{server.url}/openrosa/submission", "POST", *sent)[0] == 202
    finally:
        server.close()
    [row] = listed(region)
    assert (row.kind, row.village) == ("missing", VILLAGE)
    assert [one.media_type for one in region.hub.store.work.attachments_of(row.id)] == ["image/jpeg"]


def test_without_a_token_for_filing_nothing_is_told(phone: Phone) -> None:
    tokens = phone.region.hub.store.sharing.tokens
    reads = tokens.make("Dasbor", ("reports",), (), 9, who=KETUT)
    ended = tokens.make("Ponsel", ("file",), (), 9, who=KETUT)
    tokens.revoke(3, who=KETUT)
    for path in PATHS:
        method = "POST" if path == "submission" else "GET"
        for token, status in (("", 401), ("kt1_wrong", 401), (ended, 401), (reads, 403)):
            answer = phone.client.open(f"/openrosa/{path}", method=method, headers=basic(token))
            assert answer.status_code == status, (path, token)
            assert message(answer)
        bearer = phone.client.open(
            f"/openrosa/{path}", method=method, headers={"Authorization": f"Bearer {phone.token}"}
        )
        assert bearer.status_code == 401, "Basic alone: that is what phones can"
    odd = base64.b64encode(b"\xff\xfe").decode()
    assert (
        phone.client.get("/openrosa/formList", headers={"Authorization": f"Basic {odd}"}).status_code == 401
    )
    assert not listed(phone.region)


def test_a_token_for_filing_reads_nothing(phone: Phone) -> None:
    for path in ("reports", "cases", "counts", "referrals"):
        answer = phone.client.get(f"/api/1/{path}", headers={"Authorization": f"Bearer {phone.token}"})
        assert answer.status_code == 403
    with pytest.raises(ExportRefused):
        phone.region.hub.store.sharing.tokens.make("Keduanya", ("file", "reports"), (), 9, who=KETUT)


def test_answers_say_in_the_phones_language_what_became_of_it(phone: Phone) -> None:
    xml = phone.fill(photo="1.jpg")
    first = phone.post(xml, {"1.jpg": b"no picture"}, **{"Accept-Language": "en"})
    assert first.status_code == 201
    assert message(first) == (
        "The hub has received the report. Photo not stored: not a picture that can be read. "
        "There is no receipt code for reports from phones."
    )
    assert first.headers["Content-Language"] == "en"
    again = phone.post(xml)
    assert again.status_code == 202
    assert message(again).startswith("Laporan ini sudah ada di pusat.")


def test_a_split_submission_is_one_report(phone: Phone) -> None:
    xml = phone.fill(photo="1.jpg", photo2="2.jpg")
    incomplete = {"*isIncomplete*": b"yes"}
    assert phone.post(xml, {"1.jpg": jpeg(), **incomplete}).status_code == 201
    assert phone.post(xml, {"2.jpg": jpeg()}).status_code == 201
    assert phone.post(xml, {"2.jpg": jpeg()}).status_code == 202
    [row] = listed(phone.region)
    view = phone.region.hub.store.work.view(row.id)
    assert (view.attachments, len(view.additions)) == (1, 1)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (b"no xml", "bukan XML yang utuh"),
        (b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><d>&b;</d>', "bukan XML yang utuh"),
        (b'<data id="other"/>', "bukan formulir"),
    ],
)
def test_what_is_no_form_is_refused_and_nothing_is_kept(phone: Phone, xml: bytes, said: str) -> None:
    answer = phone.post(xml)
    assert answer.status_code == 400
    assert said in message(answer)
    assert not listed(phone.region)


def test_other_requests_are_refused_in_the_same_way(phone: Phone) -> None:
    headers = basic(phone.token)
    empty = phone.client.post("/openrosa/submission", headers=headers)
    assert (empty.status_code, "xml_submission_file" in message(empty)) == (400, True)
    assert message(phone.post(phone.fill(village=OTHER_VILLAGE))).startswith("Desa itu tidak ada")
    large = phone.post(phone.fill(photo="1.jpg"), {"1.jpg": bytes(MAX_UPLOAD_BYTES)})
    assert (large.status_code, "12 MB" in message(large)) == (413, True)
    for how, status in (("busy", 503), ("cut", 413)):
        cut = phone.client.post(
            "/openrosa/submission", headers=headers, environ_overrides={"HTTP_KENTONGAN_BODY": how}
        )
        assert (cut.status_code, bool(message(cut))) == (status, True)
    many = {f"{number}.jpg": b"x" for number in range(40)}
    assert phone.post(phone.fill(), many).status_code == 413
    assert not listed(phone.region)


def test_a_form_in_a_field_of_text_is_taken_too(phone: Phone) -> None:
    answer = phone.client.post(
        "/openrosa/submission",
        headers=basic(phone.token),
        data={"xml_submission_file": phone.fill().decode()},
    )
    assert answer.status_code == 201


def test_a_disk_that_is_full_keeps_the_report_on_the_phone(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError

    xml = phone.fill()
    with monkeypatch.context() as broken:
        broken.setattr(phone.region.hub.store.intake, "store", full)
        answer = phone.post(xml)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "kirim lagi" in message(answer)
    assert phone.post(xml).status_code == 201


def test_the_list_can_be_asked_for_another_form_and_names_https_addresses(region: Region) -> None:
    region.create_node()
    phone = Phone(region)
    assert len(ElementTree.fromstring(phone.ask("formList?formID=other").data)) == 0
    store = region.hub.store
    app = create_hub_app(
        store.work,
        accounts=store.accounts,
        inbox=store.inbox,
        links=region_links(region),
        pins=store.pins,
        sessions=store.sessions,
        secret_key=bytes(32),
        secure_cookies=True,
        tokens=store.sharing.tokens,
        programs=store.sharing.programs,
        phones=store.phones,
    )
    listed_ = app.test_client().get("/openrosa/formList", headers=basic(phone.token)).text
    assert listed_.count("Url>https://localhost/openrosa/forms/") == 2


def region_links(region: Region) -> VillageLinks:
    store = region.hub.store
    return VillageLinks(store.database, store.links, store.clock, radio=None, duty_cycle=1.0)
