"""The list: rows, filters, pages, what is done with many, and the keys."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from inbox_arrivals import arrive
from village import Region

from hub.cases.services import InboxChoice
from hub.cases.urgency import Reason
from hub.services import AdditionView
from tests.hub.web.conftest import FIRST, STORY, Browser, HubInMemory, hidden_fields

FIRST_AT = 1_790_000_000.0


def report_id(number: int) -> str:
    return f"{number:016x}.0.{number}"


def listed(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/reports/([^"]+)">', page)


def test_a_row_says_village_kind_urgency_time_and_marks_in_words(
    sari: Browser, services: HubInMemory
) -> None:
    page = sari.read("/")
    assert "Perekrut atau calo" in page
    assert "53.18.01.2003" in page
    assert ">Segera</span>" in page
    assert ">Belum dibaca</span>" in page
    assert STORY in page
    assert re.search(r'<time datetime="[^"]+">hari ini \d\d\.\d\d WITA</time>', page)
    sari.answer()
    sari.post(f"/reports/{FIRST}/acted-on", page=f"/reports/{FIRST}")
    page = sari.read("/")
    assert ">Dibaca</span>" in page
    assert ">Ditindaklanjuti</span>" in page
    assert ">1 jawaban</span>" in page


@pytest.mark.parametrize(
    ("urgency", "words"),
    [("now", "Mendesak"), ("soon", "Segera"), ("info", "Informasi"), (None, "Urgensi tidak disebut")],
)
def test_urgency_is_in_words_and_not_in_colour_alone(
    sari: Browser, services: HubInMemory, urgency: str | None, words: str
) -> None:
    services.views.clear()
    services.add(FIRST, **({"urgency": urgency} if urgency else {}))
    assert f">{words}</span>" in sari.read("/")


def test_what_became_urgent_by_an_addition_is_marked_in_the_list(
    sari: Browser, services: HubInMemory
) -> None:
    assert "Mendesak sekarang" not in sari.read("/")
    added = AdditionView("a", "Berangkat besok.", True, None, FIRST_AT, FIRST_AT, "radio")
    services.views[FIRST] = replace(services.views[FIRST], additions=(added,))
    page = sari.read("/")
    assert ">Mendesak sekarang</span>" in page
    assert '<li class="row unread urgent">' in page


def test_the_order_is_the_one_that_the_hub_gives(sari: Browser, services: HubInMemory) -> None:
    services.clock.advance(60)
    services.add(report_id(2), urgency="now")
    services.clock.advance(60)
    services.add(report_id(3))
    page = sari.read("/")
    assert listed(page) == [report_id(2), report_id(3), FIRST]
    assert "<title>(1 mendesak) Laporan" in page


def test_the_unread_can_be_listed_alone(sari: Browser, services: HubInMemory) -> None:
    services.add(report_id(2))
    sari.read(f"/reports/{FIRST}")
    assert listed(sari.read("/?unread=1")) == [report_id(2)]
    assert 'href="/?unread=1" aria-current="page"' in sari.read("/?unread=1")
    assert 'href="/" aria-current="page"' in sari.read("/")


def test_pages_follow_the_cursor_and_keep_the_filter(sari: Browser, services: HubInMemory) -> None:
    for number in range(2, 121):
        services.add(report_id(number))
    seen: list[str] = []
    path = "/?unread=1"
    for _ in range(3):
        page = sari.read(path)
        seen += listed(page)
        following = re.search(r'class="more"><a href="([^"]+)"', page)
        path = html.unescape(following[1]) if following else ""
    assert path == ""
    assert len(seen) == len(set(seen)) == 120
    assert services.called("page")[-3:] == [
        ("page", InboxChoice(unread=True), None, "sari"),
        ("page", InboxChoice(unread=True), "50", "sari"),
        ("page", InboxChoice(unread=True), "100", "sari"),
    ]


def test_an_oversized_cursor_is_no_page(sari: Browser) -> None:
    assert sari.get("/?before=" + "9" * 201).status_code == 404


def test_the_first_page_refreshes_itself_and_can_be_stopped(sari: Browser, services: HubInMemory) -> None:
    page = sari.read("/?unread=1")
    address = re.search(r'<meta http-equiv="refresh" content="30; url=([^"]+)">', page)
    assert address is not None
    assert html.unescape(address[1]) == "/?unread=1&auto=1"
    assert "menyegarkan diri tiap 30 detik" in page
    services.add(report_id(2), narrative="Baru saja masuk")
    refreshed = sari.read(html.unescape(address[1]))
    assert "Baru saja masuk" in refreshed
    assert 'http-equiv="refresh"' in refreshed
    assert 'href="/?unread=1"' in refreshed, "links of a refreshed page are a person's again"
    assert 'href="/?unread=1&amp;still=1" id="stop">Hentikan' in page
    assert 'http-equiv="refresh"' not in sari.read("/?unread=1&still=1")


def test_no_other_page_refreshes_itself(sari: Browser, services: HubInMemory) -> None:
    for path in ("/?before=1", f"/reports/{FIRST}"):
        assert 'http-equiv="refresh"' not in sari.read(path)
    assert 'http-equiv="refresh"' not in Browser(sari.client.application).read("/sign-in")


def test_an_empty_list_says_why(sari: Browser, services: HubInMemory) -> None:
    assert "Tidak ada laporan berikutnya." in sari.read("/?before=50")
    sari.read(f"/reports/{FIRST}")
    assert "Semua laporan sudah dibaca." in sari.read("/?unread=1")
    services.views.clear()
    assert "Belum ada laporan." in sari.read("/")


def test_an_excerpt_cannot_dress_up_the_list(sari: Browser, services: HubInMemory) -> None:
    services.add(FIRST, narrative="<b>tebal</b> \u202eknalret https://contoh.id")
    page = sari.read("/")
    assert "&lt;b&gt;tebal&lt;/b&gt;" in page
    assert "\u202e" not in page
    assert 'href="https' not in page


def test_a_row_says_its_reasons_and_never_a_number(sari: Browser, services: HubInMemory) -> None:
    services.reasons = [Reason("berangkat besok", True), Reason("dokumen ditahan")]
    page = sari.read("/")
    assert '<span class="reason presses">berangkat besok</span>' in page
    assert '<span class="reason">dokumen ditahan</span>' in page


def test_filters_stand_in_the_address_and_nonsense_is_left_out(sari: Browser, services: HubInMemory) -> None:
    sari.read("/?stage=closed&kind=missing&area=52.02&mine=1&urgent=1&unread=1")
    sari.read("/?stage=x&kind=x&area=52.2&mine=yes")
    first, second = (call[1] for call in services.called("page"))
    assert first == InboxChoice("closed", True, "52.02", "missing", True, True)
    assert second == InboxChoice()
    assert "Kode tadi tidak dikenal." in sari.read("/?area=Lombok")


def test_a_filter_is_saved_and_removed(sari: Browser, services: HubInMemory) -> None:
    saving = "/saringan?area=52&kind=missing"
    page = sari.read("/?kind=missing&area=52")
    assert 'action="/saringan?area=52&amp;kind=missing"' in page
    token = hidden_fields(page)["form_token"]
    answer = sari.client.post(saving, data={"form_token": token, "name": "Hilang"})
    assert answer.status_code == 303
    assert services.filters == [("Hilang", "area=52&kind=missing")]
    page = sari.read("/?kind=missing&area=52")
    assert '<a href="/?area=52&amp;kind=missing" aria-current="page"><bdi>Hilang</bdi></a>' in page
    assert sari.client.post(saving, data={"form_token": token, "name": ""}).status_code == 422
    assert sari.client.post("/saringan/1/hapus", data={"form_token": token}).status_code == 303
    assert services.filters == []


def test_the_keys_are_a_file_of_this_site_and_stand_on_the_page(sari: Browser) -> None:
    page = sari.read("/")
    assert '<script src="/static/inbox.js" defer></script>' in page
    assert "<kbd>j</kbd>" in page
    script = sari.get("/static/inbox.js").text
    assert "http" not in script
    assert all(f"{key}: ()" in script for key in ("j", "k", "o", "x", '"/"', '"?"'))


# --- with a store behind it ---


@pytest.fixture
def at_hub(region: Region) -> Browser:
    region.hub.store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
    browser = Browser(region.hub.create_app())
    browser.sign_in("sari")
    return browser


def test_many_are_done_at_once_with_a_summary(region: Region, at_hub: Browser) -> None:
    one, two, three = arrive(region, "satu", "dua", "tiga")
    assert 'type="checkbox" name="report"' not in at_hub.read("/"), "a page that refreshes forgets ticks"
    token = hidden_fields(at_hub.read("/?still=1"))["form_token"]

    def post(**fields: object) -> str:
        form = {"form_token": token, **fields}
        return at_hub.client.post("/laporan/banyak", data=form, buffered=True).text

    page = post(action="discard", text="ganda", report=[one, two, "x" * 40])
    assert "2 laporan disisihkan." in page
    assert set(listed(at_hub.read("/?stage=discarded"))) == {one, two}
    page = post(action="discard", text="ganda", report=[one, three])
    assert "1 laporan disisihkan." in page
    assert "1 laporan tidak berubah" in page
    assert f"<code>{one}</code></a>: Laporan sudah dalam keadaan itu." in page
    assert "1 laporan diserahkan." in post(action="assign", to="sari", report=[one])
    assert listed(at_hub.read("/?mine=1&stage=discarded")) == [one]
    for empty in ({"action": "assign"}, {"action": "burn", "report": [one]}):
        assert "Pilih laporan" in post(**empty)
