"""One question a page: what follows what, forth and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from village_node.web.questions import QUESTIONS
from village_node.web.steps import FIRST, MORE, STEPS, after, before, progress

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

URGENT = MultiDict({"urgency": "now"})
CALM = MultiDict({"urgency": "info"})


def test_every_question_is_asked_on_one_page_and_signs_on_three() -> None:
    asked = [field for step in STEPS.values() for field in step.fields]
    assert set(asked) == set(QUESTIONS)
    assert len(asked) == len(QUESTIONS) + 2


@pytest.mark.parametrize("typed", [URGENT, CALM])
@pytest.mark.parametrize("chain", [FIRST, *MORE], ids=lambda chain: chain.icon)
def test_going_forth_and_back_meets_the_same_pages(chain: object, typed: MultiDict[str, str]) -> None:
    step = chain.steps[0]  # type: ignore[attr-defined]
    path = [step]
    while (later := after(path[-1], typed)) is not None:
        assert before(later, typed) is path[-1]
        path.append(later)
    assert [progress(s, typed).place for s in path] == list(range(1, len(path) + 1))
    assert before(step, typed) is None


def test_numbers_to_ring_come_before_the_story_where_there_is_danger() -> None:
    assert after(STEPS["urgency"], URGENT) is STEPS["emergency"]
    assert after(STEPS["urgency"], CALM) is STEPS["story"]


class Phone:
    """A browser without a script: it sends what stands on the page, and the button that is pressed."""

    def __init__(self, client: FlaskClient, read: type[Page], path: str = "/isi") -> None:
        self.client, self.read, self.path = client, read, path
        self.text = client.get(path).text

    @property
    def page(self) -> Page:
        return self.read(self.text)

    @property
    def heading(self) -> str:
        return " ".join(self.page.all("h1")[0].text.split())

    def press(self, words: str, **typed: str) -> None:
        [button] = [e for e in self.page.all("button") if words in e.text]
        fields = [
            (e["name"], e.text.removeprefix("\n") if e.tag == "textarea" else e["value"])
            for e in self.page.elements
            if e["name"] and e.tag in ("input", "textarea")
            and e["name"] not in typed
            and (e["type"] not in ("checkbox", "radio") or "checked" in e)
        ]  # fmt: skip
        fields += [(name, self.page.value(name)) for name in {e["name"] for e in self.page.all("select")}]
        fields += list(typed.items())
        if button["name"]:
            fields.append((button["name"], button["value"]))
        self.text = self.client.post(self.path, data=MultiDict(fields)).text


@pytest.fixture
def phone(client: FlaskClient, read: type[Page]) -> Phone:
    return Phone(client, read)


def test_five_taps_and_a_story_make_a_report(phone: Phone, services: MemoryServices) -> None:
    phone.press("Ada yang hilang kontak")
    phone.press("Belum ada tanggal")
    phone.press("Lanjut", narrative="Adik saya tidak bisa ditelepon.\r\nSudah sebulan.")
    phone.press("Tidak tahu")
    phone.press("Kirim laporan")
    assert services.reports == [
        {
            "kind": "missing",
            "urgency": "info",
            "narrative": "Adik saya tidak bisa ditelepon.\nSudah sebulan.",
            "channel": "web",
        }
    ]


def test_back_and_forth_loses_nothing(phone: Phone, services: MemoryServices) -> None:
    phone.press("Perekrut")
    phone.press("Sekarang")
    assert "Telepon dulu" in phone.heading
    assert [e["href"] for e in phone.page.all("a") if e["href"].startswith("tel:")][0] == "tel:110"
    phone.press("Lanjut")
    phone.press("Kembali", narrative='\n "kutip" <b>&amp;')
    phone.press("Kembali")
    assert "pilihan Anda" in phone.text
    phone.press("Kembali")
    assert phone.heading == "Tentang apa laporan ini?"
    phone.press("Lanjut")
    phone.press("Lanjut")
    phone.press("Lanjut")
    assert phone.page.value("narrative") == '\n "kutip" <b>&amp;'
    phone.press("Lanjut")
    phone.press("Ya")
    phone.press("Tanda-tanda")
    phone.text = phone.text.replace('value="no_contract"', 'value="no_contract" checked')
    phone.press("Lanjut")
    phone.text = phone.text.replace('value="threats"', 'value="threats" checked')
    phone.press("Ke daftar isi")
    assert "sudah diisi" in phone.text
    phone.press("Kirim laporan")
    [report] = services.reports
    assert report["indicators"] == ["no_contract", "threats"]
    assert report["official_involved"] is True
    assert report["kind"] == "recruiter"
    assert report["narrative"] == '\n "kutip" <b>&amp;'


def test_an_answer_that_cannot_be_understood_is_asked_again_at_once(phone: Phone) -> None:
    phone.press("Perekrut")
    phone.press("Belum ada tanggal")
    phone.press("Lanjut", narrative="  ")
    assert phone.heading == "Ceritakan apa yang terjadi"
    assert "cerita" in phone.page.by_id("narrative-error").text
    assert phone.page.value("kind") == "recruiter"
    phone.press("Kembali", narrative="")
    assert phone.heading == "Seberapa mendesak?", "going back is never refused"


def test_practice_asks_the_same_and_keeps_nothing(
    client: FlaskClient, read: type[Page], services: MemoryServices
) -> None:
    phone = Phone(client, read, "/latihan")
    services.failure = AssertionError("practice must not ask the store")
    marks = []
    for words, typed in [
        ("Perekrut", {}),
        ("Belum ada tanggal", {}),
        ("Lanjut", {"narrative": "Hanya coba."}),
        ("Ya", {}),
        ("Kirim laporan", {}),
    ]:
        marks.append("LATIHAN" in phone.text)
        phone.press(words, **typed)
    marks.append("LATIHAN" in phone.text)
    assert all(marks)
    assert services.reports == []
    assert "1234" in phone.text
    assert "TIDAK" in phone.text
