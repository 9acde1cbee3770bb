"""Referring on the pages: choices, preview, sending, the second person, the work list, files."""

from __future__ import annotations

import html
import re

import pytest
from duty_people import three_levels
from inbox_arrivals import SARI, noted
from referral_desk import HIDDEN, SECRETS, ReferralDesk
from village import Region
from werkzeug.test import TestResponse

from hub.models import Down, Report
from hub.outgoing import READ
from hub.referrals.services import LISTS
from hub.services import Role, SignedIn
from hub.web import referral_words
from tests.hub.web.test_app import check_page


class Seat:
    """Somebody signed in at a hub's real site."""

    def __init__(self, region: Region, name: str, role: Role) -> None:
        accounts = region.hub.store.accounts
        if name not in {row.name for row in region.hub.store.administration.accounts()}:
            accounts.add(name, role, "kentongan bertalu-talu")
        self.client = region.hub.create_app().test_client()
        with self.client.session_transaction() as session:
            session["id"] = accounts.begin_session(name)

    def read(self, path: str) -> str:
        response = self.client.get(path, buffered=True)
        assert response.status_code == 200, (path, response.status_code)
        check_page(response.text)
        return " ".join(response.text.split())

    def post(self, path: str, *, page: str, **typed: object) -> TestResponse:
        token = re.findall(r'name="form_token" value="([0-9a-f]+)"', self.client.get(page).text)[-1]
        return self.client.post(path, data={"form_token": token, **typed}, buffered=True)


def form_of(page: str) -> dict[str, object]:
    """Return what a browser would send of the form of a referral, as it stands."""
    form = page[page.index('name="form_id"') - 300 :]
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        kind, name, value = (re.search(rf'{what}="([^"]*)"', tag) for what in ("type", "name", "value"))
        if kind is None or name is None or (kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        several = sent.setdefault(name[1], [])
        assert isinstance(several, list)
        several.append(html.unescape(value[1]) if value else "")
    for name, inner in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner) or re.search(r'value="([^"]*)"', inner)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.fixture
def database_url() -> None:
    """A file: what differs between databases is tested below the pages."""


@pytest.fixture
def desk(region: Region) -> ReferralDesk:
    return ReferralDesk(region)


@pytest.fixture
def sari(region: Region) -> Seat:
    return Seat(region, "sari", "analyst")


def test_a_report_is_referred_with_what_was_chosen(region: Region, desk: ReferralDesk, sari: Seat) -> None:
    report = desk.arrive()
    path = f"/reports/{report}/rujuk"
    assert f'href="{path}"' in sari.read(f"/reports/{report}")
    assert f'<option value="{desk.police}">Polres Contoh (Polri, 52)</option>' in sari.read(path)
    page = sari.read(f"{path}?untuk={desk.police}")
    typed = form_of(page)
    fields = typed["field"]
    assert isinstance(fields, list)
    assert "narrative" in fields
    assert "reporter.contact" not in fields
    assert (typed["basis"], typed["how"], typed["on"]) == (["consent"], "report", [str(desk.today)])
    assert "belum diperiksa" in page
    refused = sari.post(path, page=path + f"?untuk={desk.police}", **typed, action="pratinjau")
    assert refused.status_code == 422
    assert "Tujuan berisi" in refused.text
    typed |= {"purpose": "Periksa", "more": "\r\n".join(HIDDEN), "field": [*fields, "reporter.contact"]}
    shown = sari.post(path, page=path, **typed, action="pratinjau")
    assert shown.status_code == 200
    check_page(shown.text)
    preview = shown.text[shown.text.index('id="preview"') : shown.text.index('id="fields"')]
    assert [secret for secret in SECRETS if secret in preview.casefold()] == []
    assert "[disamarkan]" in preview
    typed["seen"] = re.findall(r'name="seen" value="([0-9a-f]{64})"', shown.text)[0]
    changed = sari.post(path, page=path, **{**typed, "purpose": "Lain"}, action="kirim")
    assert changed.status_code == 422
    assert "berubah sejak pratinjau" in changed.text
    sent = sari.post(path, page=path, **typed, action="kirim")
    assert sent.location == "/rujukan/2027-0001.1"
    again = sari.post(path, page=path, **typed, action="kirim")
    assert again.location == "/rujukan", "a second press sends nothing"
    assert (
        len(region.hub.store.sharing.referrals.of(f"report {report}", who=SignedIn("sari", "analyst"))) == 1
    )
    page = sari.read("/rujukan/2027-0001.1")
    assert "Terkirim" in page
    assert 'href="/rujukan/2027-0001.1"' in sari.read(f"/reports/{report}")
    for form, shown_as in referral_words.FORM_WORDS.items():
        assert shown_as in page
        answer = sari.client.get(f"/rujukan/2027-0001.1/berkas/{form}", buffered=True)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="rujukan-2027-0001.1.{form}"'
        assert answer.headers["Cache-Control"] == "no-store"
    assert sari.client.get("/rujukan/2027-0001.1/berkas/exe").status_code == 404
    correction = sari.read(f"{path}?ganti=2027-0001.1")
    assert form_of(correction)["replaces"] == ["2027-0001.1"]
    assert sari.client.get(f"{path}?ganti=2027-0009.1").status_code == 404


def test_preparing_a_referral_reads_nothing_for_anybody(region: Region, desk: ReferralDesk) -> None:
    three_levels(region)
    sari = Seat(region, "sari", "analyst")
    report, store = desk.arrive(), region.hub.store
    store.duty.turn()
    number = store.cases.open("Kasus Contoh", who=SARI)
    store.cases.add_reports(number, [report], who=SARI)
    path = f"/kasus/{number}/rujuk"
    sari.read(path)
    page = sari.read(f"{path}?untuk={desk.police}")
    shown = sari.post(path, page=path, **form_of(page) | {"purpose": "Periksa"}, action="pratinjau")
    assert shown.status_code == 200
    for about in (path, f"/reports/{report}/rujuk"):
        sari.read(about)
    row = Report.select().where(Report.id == report).get(store.database)
    assert (row.read_at, row.urgent_unread) == (None, True)
    assert not Down.select().where(Down.what == READ).exists(store.database)
    [ring] = store.duty.rings_of(report)
    assert ring.ended_at is None
    assert store.duty.unseen(who=SARI) == 1
    drafted = [one for one in noted(region) if one[1:] == ("referral drafted", f"report {report}")]
    assert len(drafted) >= 4
    sari.read(f"/reports/{report}")
    assert store.duty.unseen(who=SARI) == 0


def test_who_asked_not_to_be_passed_on_needs_a_second_person(
    region: Region, desk: ReferralDesk, sari: Seat
) -> None:
    report = desk.arrive(reporter={"refer": False})
    page = sari.read(f"/reports/{report}/rujuk?untuk={desk.other}")
    assert "meminta laporannya tidak diteruskan" in page
    assert 'value="consent" checked' not in page
    name = desk.refer(report, desk.other)
    page = sari.read(f"/rujukan/{name}")
    assert "Menunggu penyelia atau administrator lain" in page
    at = f"/rujukan/{name}"
    refused = sari.post(f"{at}/setujui", page=at)
    assert (refused.status_code, "penyelia atau administrator lain" in refused.text) == (422, True)
    budi = Seat(region, "budi", "supervisor")
    assert "Setujui dan kirim" in budi.read(at)
    assert f'href="{at}"' in budi.read("/rujukan?daftar=waiting")
    assert budi.post(f"{at}/tolak", page=at).status_code == 422
    assert budi.post(f"{at}/setujui", page=at).status_code == 303
    assert "Disetujui dan dikirim" in budi.read(at)


def test_the_work_list_begins_with_what_is_late(region: Region, desk: ReferralDesk, sari: Seat) -> None:
    for which in LISTS:
        assert "Tidak ada rujukan di sini" in sari.read(f"/rujukan?daftar={which}")
    name = desk.refer(desk.arrive(), due=desk.today)
    assert "Terlambat</span>" not in sari.read("/rujukan")
    region.clock.advance(86_400)
    sari = Seat(region, "sari", "analyst")
    page = sari.read("/rujukan")
    assert ("Terlambat (1)" in page, f"Rujukan {name}" in page) == (True, True)
    at = f"/rujukan/{name}"
    assert sari.post(f"{at}/tarik", page=at, text="").status_code == 422
    assert sari.post(f"{at}/tarik", page=at, text="salah kirim").status_code == 303
    assert "salah kirim" in sari.read(at)
    assert f"Rujukan {name}" in sari.read("/rujukan?daftar=done")
    assert sari.client.get("/rujukan?after=x.y").status_code == 200


def test_a_case_is_referred_and_its_history_says_so(region: Region, desk: ReferralDesk, sari: Seat) -> None:
    cases, who = region.hub.store.cases, SignedIn("sari", "analyst")
    case = cases.open("Batam", who=who)
    cases.add_reports(case, [desk.arrive()], who=who)
    assert f'href="/kasus/{case}/rujuk"' in sari.read(f"/kasus/{case}")
    assert "Judul kasus" in sari.read(f"/kasus/{case}/rujuk?untuk={desk.other}")
    name = desk.refer(case)
    page = sari.read(f"/kasus/{case}")
    assert "Rujukan, dikirim" in page
    assert f"{name}, Polres Contoh" in page
    assert f'href="/kasus/{case}"' in sari.read(f"/rujukan/{name}")
    assert sari.client.get("/kasus/2099-0001/rujuk").status_code == 404


def test_every_step_has_its_words() -> None:
    from hub.web.account_words import WHAT_WORDS
    from hub.web.case_pages import STEP_WORDS

    for what in referral_words.STEP_WORDS:
        assert f"referral {what}" in WHAT_WORDS
        assert f"referral {what}" in STEP_WORDS
