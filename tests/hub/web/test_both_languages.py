"""Every page of a filled hub in English and in Indonesian: no word of the one on a page of the other.

What people wrote stands in elements marked with its own language.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from dressed_text import Dress, Dressing, dress, dressed, mark_of
from filled_hub import all_pages
from flask.testing import FlaskClient
from headings import heading_faults
from office import Officer
from village import Region, quick_folder
from werkzeug.test import TestResponse

import hub.web
from hub.accounts.models import User
from hub.audit.log import EntryFilter
from hub.web.shown_text import plain_line, show_text

INDONESIAN = frozenset(
    [
        "adalah",
        "akan",
        "akun",
        "anak",
        "apa",
        "atau",
        "bagi",
        "bahasa",
        "baru",
        "belum",
        "benar",
        "berkas",
        "besar",
        "bila",
        "buka",
        "bulan",
        "cari",
        "dalam",
        "dan",
        "dapat",
        "dari",
        "daftar",
        "dengan",
        "desa",
        "di",
        "dia",
        "dua",
        "hanya",
        "hari",
        "hasil",
        "ini",
        "itu",
        "jam",
        "jawaban",
        "juga",
        "kami",
        "karena",
        "kasus",
        "kata",
        "ke",
        "kepada",
        "kirim",
        "lain",
        "laporan",
        "lebih",
        "lembaga",
        "lewat",
        "mana",
        "masuk",
        "mendesak",
        "menunggu",
        "minggu",
        "mungkin",
        "nama",
        "nomor",
        "oleh",
        "orang",
        "pada",
        "paling",
        "perekrut",
        "pelapor",
        "petugas",
        "pilih",
        "pertanyaan",
        "rujukan",
        "sama",
        "sampai",
        "satu",
        "saya",
        "sebelum",
        "sedang",
        "selesai",
        "semua",
        "sesi",
        "setelah",
        "simpan",
        "sudah",
        "tanggal",
        "tanpa",
        "telepon",
        "tempat",
        "tersimpan",
        "tidak",
        "tingkat",
        "tulis",
        "untuk",
        "waktu",
        "wilayah",
        "yang",
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "sabtu",
        "januari",
        "februari",
        "maret",
        "mei",
        "juni",
        "juli",
        "agustus",
        "oktober",
        "desember",
    ]
)
ENGLISH = frozenset(
    [
        "about",
        "account",
        "agency",
        "all",
        "and",
        "answer",
        "are",
        "by",
        "case",
        "cases",
        "choose",
        "date",
        "day",
        "days",
        "for",
        "from",
        "has",
        "holds",
        "is",
        "name",
        "not",
        "number",
        "of",
        "officer",
        "only",
        "or",
        "other",
        "password",
        "people",
        "reason",
        "report",
        "reports",
        "save",
        "search",
        "signed",
        "the",
        "this",
        "to",
        "until",
        "village",
        "villages",
        "was",
        "week",
        "with",
        "you",
        "your",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
_SPOKEN = ("aria-label", "alt", "title")
FILES = re.compile(
    r"^(static|sync\.|openrosa\.|api\.|odata\.|cap\.|disclosure\.)|_(svg|png)$|download|attachment|sign_in\."
)
"""Endpoints that are no pages of somebody who is signed in."""
NAMES = r"Desa \d{4}|CC BY"
"""What a village of the filled hub is called, and a licence."""
_EMPTY = ("meta", "link", "input", "br", "img", "hr")
_SKIPPED = ("code", "script", "style", "kbd", "bdi")
"""Commands, keys and names."""


class Words(HTMLParser):
    """The words of a page that stand in the page's own language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.page_lang, self.found, self._open = "", [], [""]
        self.feed(html)
        self.close()

    page_lang: str
    found: list[str]
    _open: list[str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        lang = named.get("lang", self._open[-1])
        if tag == "html":
            self.page_lang = lang
        if lang == self.page_lang:
            for name in _SPOKEN:
                self._add(named.get(name, ""))
        if tag not in _EMPTY:
            self._open.append("skipped" if tag in _SKIPPED else lang)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open[-1] == self.page_lang:
            self._add(data)

    def _add(self, text: str) -> None:
        self.found += re.findall(r"[a-z]+", re.sub(NAMES, "", text).lower())


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with quick_folder(tmp_path_factory.mktemp("hub")) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.fixture(scope="module")
def pages(region: Region) -> dict[str, tuple[str, ...]]:
    """Addresses by the account that looks at them."""
    return all_pages(region)


@pytest.fixture(scope="module")
def dressing(region: Region, pages: dict[str, tuple[str, ...]]) -> Dressing:
    """Dressed text in the filled hub."""
    return dress(region)


def signed_in(region: Region, name: str, language: str) -> FlaskClient:
    User.update(language=language).where(User.name == name).execute(region.hub.store.database)
    client = region.hub.create_app().test_client()
    with client.session_transaction() as session:
        session["id"] = region.hub.store.accounts.begin_session(name)
    return client


@pytest.fixture(scope="module")
def drawn(
    region: Region, pages: dict[str, tuple[str, ...]], dressing: Dressing
) -> dict[str, dict[str, TestResponse]]:
    """Every page in both languages, drawn once: language -> account and address -> answer."""
    found: dict[str, dict[str, TestResponse]] = {"en": {}, "id": {}}
    for language, answers in found.items():
        for name, paths in pages.items():
            client = signed_in(region, name, language)
            for path in dict.fromkeys((*paths, *(dressing.pages if name == "ketut" else ()))):
                answers[f"{name} {path}"] = client.get(path, buffered=True)
    return found


@pytest.mark.parametrize(("language", "foreign"), [("en", INDONESIAN), ("id", ENGLISH)])
def test_no_page_speaks_the_other_language(
    drawn: dict[str, dict[str, TestResponse]], language: str, foreign: frozenset[str]
) -> None:
    wrong: dict[str, list[str]] = {}
    seen = 0
    for asked, answer in drawn[language].items():
        page = Words(answer.text)
        if page.page_lang:
            seen += 1
            assert page.page_lang == language, asked
            if found := sorted(foreign.intersection(page.found)):
                wrong[asked] = found
    assert wrong == {}
    assert seen > 40, "the pages were there"


def test_headings_begin_with_the_one_of_the_page(drawn: dict[str, dict[str, TestResponse]]) -> None:
    pages = {asked: answer.text for asked, answer in drawn["id"].items() if answer.mimetype == "text/html"}
    assert {asked: wrong for asked, html in pages.items() if (wrong := heading_faults(html))} == {}


def test_nothing_that_anybody_typed_dresses_up_a_page(
    drawn: dict[str, dict[str, TestResponse]], dressing: Dressing
) -> None:
    """Elements, quotation marks and what turns a line round, in every text of a report and of the staff."""
    wrong, shown = {}, set()
    for asked, answer in drawn["id"].items():
        if answer.mimetype == "text/html" and (found := Dress(answer.text).found):
            wrong[asked] = found
        if any("<q" in value or not value.isascii() for value in answer.headers.values()):
            wrong[f"{asked} in a header"] = list(map(str, answer.headers.values()))
        if asked in {f"ketut {page}" for page in dressing.pages}:
            assert answer.status_code == 200, asked
            shown |= {text for text in dressing.of_report if mark_of(text) in answer.text}
    assert wrong == {}
    assert set(dressing.of_report) == shown, "each stands on a page"


def test_what_dresses_up_a_page_is_seen() -> None:
    """The control."""
    text = dressed()
    assert Dress(f"<p>{text}</p>").found
    assert Dress(f'<p lang="{text.strip()}">').found
    assert Dress(f"<p>{html.escape(text)}</p>").found, "it still turns the line round"
    assert not Dress(f"<p>{show_text(text)}</p><p>{html.escape(plain_line(text))}</p>").found


def test_the_walk_misses_no_page(region: Region, pages: dict[str, tuple[str, ...]]) -> None:
    app = region.hub.create_app()
    adapter = app.url_map.bind("hub.example")
    walked = {
        adapter.match(path.partition("?")[0])[0]
        for paths in pages.values()
        for path in paths
        if path != "/tidak-ada"
    }
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missed = {name for name in gets - walked if not FILES.search(name)}
    assert missed == set(), "put a page of it into tests/support/filled_hub.py"


NOT_WORDS = {"GET", "Kentongan", "· Kentongan", "XLSX", "CSV", "GeoJSON", "report 0123456789abcdef.0.1"}
TRANSLATED = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
SAID = re.compile(r"(?:alt|title|placeholder|aria-label)=\"([^\"]*)\"")


def test_no_template_says_a_word_outside_of_the_catalogue() -> None:
    wrong = {}
    for template in (Path(hub.web.__file__).parent / "templates").glob("*.html"):
        text = TRANSLATED.sub("", template.read_text(encoding="utf-8"))
        pieces = re.sub(r"<(code|svg|style)\b.*?</\1>|<[^>]*>", "\n", text, flags=re.DOTALL).split("\n")
        said = {piece.strip() for piece in (*pieces, *SAID.findall(text)) if re.search("[A-Za-z]{2}", piece)}
        if said - NOT_WORDS:
            wrong[template.name] = said - NOT_WORDS
    assert wrong == {}


class TestChoosing:
    """Before signing in the browser says it, or a link; afterwards the account."""

    def test_the_browser_or_a_link_chooses_before_signing_in(self, region: Region) -> None:
        client = region.hub.create_app().test_client()
        assert '<html lang="id">' in client.get("/sign-in").text
        english = {"Accept-Language": "en-GB,en;q=0.9,id;q=0.5"}
        assert "<h1>Sign in</h1>" in client.get("/sign-in", headers=english).text
        assert "<h1>Masuk</h1>" in client.get("/sign-in", headers={"Accept-Language": "fr"}).text
        assert "<h1>Masuk</h1>" in client.get("/sign-in?bahasa=id", headers=english).text
        page = client.get("/sign-in?bahasa=en").text
        assert 'action="/sign-in?bahasa=en"' in page
        [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', page))
        refused = client.post("/sign-in?bahasa=en", data={"form_token": token, "name": "x", "password": "y"})
        assert "Account name or password is wrong." in refused.text
        assert '<html lang="id">' in client.get("/sign-in?bahasa=xx").text

    def test_an_account_keeps_its_language_and_others_theirs(self, region: Region) -> None:
        wayan, made = Officer(region, "wayan", "analyst"), Officer(region, "made", "analyst")
        wayan.sign_in()
        made.sign_in()
        assert "<h1>My account</h1>" not in wayan.read("/akun-saya?bahasa=en"), "the address is asked no more"
        wayan.post("/akun-saya/bahasa", page="/akun-saya", language="en")
        assert "The language of the pages was changed." in wayan.read("/akun-saya?done=language")
        assert "<h1>Reports</h1>" in wayan.read("/?still=1")
        assert "<h1>Laporan</h1>" in made.read("/?still=1")
        wayan.post("/akun-saya/bahasa", page="/akun-saya", language="xx")
        assert "<h1>My account</h1>" in wayan.read("/akun-saya"), "no such language: nothing changes"
        [entry], _ = region.hub.store.audit.page(
            EntryFilter("wayan", "language chosen"), before=None, limit=9
        )
        assert entry.about == "account wayan"

    def test_what_an_action_refuses_is_said_in_the_language_of_who_asked(self, region: Region) -> None:
        made = Officer(region, "putu", "analyst")
        made.sign_in()
        made.post("/akun-saya/bahasa", page="/akun-saya", language="en")
        refused = made.post("/kasus", page="/kasus", text="")
        assert "Title: 1 to 120 characters." in refused.text

    def test_a_picture_is_drawn_in_the_language_of_who_looks(
        self, region: Region, pages: dict[str, tuple[str, ...]]
    ) -> None:
        for language, words in (("en", "Reports by week"), ("id", "Laporan per minggu")):
            client = signed_in(region, "ketut", language)
            assert f">{words}</text>" in client.get("/mingguan.svg", buffered=True).text
