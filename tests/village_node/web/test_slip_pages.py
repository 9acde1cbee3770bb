"""The code noted and asked back, the coupon, and the proof without a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from village_node.services import STEP_NAMES, Answer, LadderStep, ReceiptView

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

CODE = "1234567890123456"
PROOF = "0011223344556677.0.1"


def test_the_receipt_shows_digits_pictures_and_what_to_show_when_forced(
    client: FlaskClient, read: type[Page], small_report: dict[str, str]
) -> None:
    page = read(client.post("/isi", data=small_report).text)
    four = [" ".join(e.text.split()) for e in page.all("li") if e.inside[-1]["class"] == "four"]
    assert four == ["surya", "ikan", "jam", "gelas"]
    assert "7781" in page.all("main")[0].text


def test_the_code_is_asked_back_out_of_sight(client: FlaskClient, read: type[Page]) -> None:
    asked = client.post("/catat", data={"code": CODE, "pictures": "3,0,15,9"})
    assert "1234" not in read(asked.text).all("main")[0].text
    wrong = client.post("/catat", data={"code": CODE, "typed": CODE[:-1] + "7"})
    assert wrong.status_code == 422
    assert "Belum sama" in wrong.text
    right = client.post("/catat", data={"code": CODE, "typed": "1234-5678 9012 3456"})
    assert "sudah cocok" in right.text
    again = read(client.post("/catat", data={"code": CODE, "pictures": "3,0,15,9", "go": "again"}).text)
    assert [e.text.split() for e in again.elements if e["class"] == "code"] == [
        ["1234", "5678", "9012", "3456"]
    ]


def test_the_coupon_speaks_of_no_report(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/kupon", data={"code": CODE, "pictures": "3,0,15,9"}).text)
    [slip] = [e for e in page.elements if e["class"] == "slip"]
    words = slip.text.lower()
    assert "1234" in words
    assert "surya" in words
    assert not [word for word in ("lapor", "petugas", "imigrasi", "rahasia") if word in words]
    assert [e for e in page.all("svg") if e["class"] == "qr"]


def test_the_proof_holds_no_secret(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/bukti", data={"proof": PROOF}).text)
    [slip] = [e for e in page.elements if e["class"] == "slip"]
    assert PROOF in slip.text
    assert "Tanggal: 25-11-2026" in " ".join(slip.text.split())
    assert not [e for e in page.all("input") if e["name"] == "code"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/catat", {}),
        ("/catat", {"code": "1"}),
        ("/kupon", {"code": "abc"}),
        ("/bukti", {}),
        ("/bukti", {"proof": "<b>"}),
    ],
)
def test_what_is_no_receipt_is_refused(client: FlaskClient, path: str, form: dict[str, str]) -> None:
    assert client.post(path, data=form).status_code == 400
    assert client.get(path).status_code == 405


def test_strange_pictures_are_left_out(client: FlaskClient, read: type[Page]) -> None:
    for pictures in ("99,1,1,1", "x", "", "-1"):
        page = read(client.post("/kupon", data={"code": CODE, "pictures": pictures}).text)
        assert not [e for e in page.elements if e["class"] == "four"]


def test_pictures_open_the_ladder_one_tap_each(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    services.views[CODE] = ReceiptView(
        tuple(LadderStep(name, n < 3, None) for n, name in enumerate(STEP_NAMES)),
        (Answer("Rahasia", False, None),),
    )
    picked: list[str] = []
    for number in ("3", "0", "15", "9"):
        page = read(client.post("/gambar", data={"picked": picked}).text)
        assert [e["value"] for e in page.all("input") if e["name"] == "picked"] == picked
        assert len([e for e in page.all("button") if e["name"] == "picked"]) == 16
        picked.append(number)
    shown = client.post("/gambar", data={"picked": picked}).text
    assert shown.count("Sudah") == 3
    assert "Rahasia" not in shown
    assert "Kabar dari petugas" not in shown
    refused = client.post("/gambar", data={"picked": ["1", "1", "1", "1"]})
    assert refused.status_code == 404
    assert "Gambar tidak ditemukan" in refused.text


class TestPicturesAskedBack:
    FORM = {"code": "1234567890123456", "pictures": "3,0,15,9"}

    def test_they_are_offered_beside_the_digits(self, client: FlaskClient, read: type[Page]) -> None:
        page = read(client.post("/catat", data=self.FORM).text)
        assert [e["value"] for e in page.all("button") if e["name"] == "go"] == ["pictures", "again"]

    def test_four_right_ones_are_enough(self, client: FlaskClient) -> None:
        for count in range(4):
            answer = client.post(
                "/catat", data=self.FORM | {"go": "pictures", "picked": ["3", "0", "15", "9"][:count]}
            )
            assert f"Gambar ke-{count + 1} dari 4" in answer.text
        done = client.post("/catat", data=self.FORM | {"picked": ["3", "0", "15", "9"]})
        assert "Catatan Anda sudah cocok" in done.text

    def test_wrong_ones_begin_anew(self, client: FlaskClient) -> None:
        answer = client.post("/catat", data=self.FORM | {"picked": ["3", "0", "15", "8"]})
        assert answer.status_code == 422
        assert "Coba sekali lagi dari gambar pertama" in answer.text
        assert "Gambar ke-1 dari 4" in answer.text

    @pytest.mark.parametrize("picked", [["99"], ["x"], [""], ["3", "0", "15", "x"]])
    def test_nonsense_is_no_picture(self, client: FlaskClient, picked: list[str]) -> None:
        answer = client.post("/catat", data=self.FORM | {"picked": picked})
        assert "Catatan Anda sudah cocok" not in answer.text
        assert answer.status_code == 200


def test_no_link_but_the_way_out_leaves_a_receipt_that_nobody_noted(
    client: FlaskClient, read: type[Page], small_report: dict[str, str]
) -> None:
    page = read(client.post("/isi", data=small_report).text)
    ways = {e["href"] for e in page.all("a") if not e["href"].startswith("/suara/")}
    assert ways == {"/sehat", "/telepon"}
    [guarding] = [e for e in page.all("form") if e["class"] == "guard"]
    assert guarding["action"] == "/catat"
    practice = read(client.post("/latihan", data=small_report).text)
    assert "/" in {e["href"] for e in practice.all("a")}
    assert not [e for e in practice.all("form") if e["class"] == "guard"]
