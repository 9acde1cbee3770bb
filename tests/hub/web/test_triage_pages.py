"""Steps, undo, assigning and comments on the page of a report."""

from __future__ import annotations

import html
import re

import pytest
from inbox_arrivals import arrive, noted
from village import Region
from werkzeug.test import TestResponse

from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields


class Desk:
    """Somebody with one report open."""

    def __init__(self, region: Region) -> None:
        region.hub.store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
        [self.report] = arrive(region, "satu")
        self.browser = Browser(region.hub.create_app())
        self.browser.sign_in("sari")

    @property
    def page(self) -> str:
        return html.unescape(self.browser.read(f"/reports/{self.report}"))

    def send(self, form: str, hidden: dict[str, str] | None = None, **typed: str) -> TestResponse:
        hidden = hidden or self.hidden(form)
        return self.browser.client.post(f"/reports/{self.report}/{form}", data={**hidden, **typed})

    def hidden(self, form: str) -> dict[str, str]:
        whole = self.browser.read(f"/reports/{self.report}")
        found = re.search(rf'<form method="post" action="[^"]+/{form}#.*?</form>', whole, re.DOTALL)
        assert found is not None, form
        return hidden_fields(found[0])


@pytest.fixture
def desk(region: Region) -> Desk:
    return Desk(region)


def test_a_step_is_recorded_and_shown_with_who_and_why(desk: Desk) -> None:
    assert "<dt>Risiko</dt><dd>belum dinilai</dd>" in desk.page
    assert desk.send("langkah", step="risk=high", why="anak ikut").status_code == 303
    assert "<dt>Risiko</dt><dd>tinggi</dd>" in desk.page
    assert "Risiko: belum dinilai \u2192 tinggi" in desk.page
    assert "anak ikut" in desk.page


def test_a_refused_step_keeps_what_was_typed(desk: Desk) -> None:
    answer = desk.send("langkah", step="signal=discarded", why="")
    assert answer.status_code == 422
    assert "Tulis alasannya." in answer.text
    assert '<option value="signal=discarded" selected>' in answer.text
    answer = desk.send("langkah", step="outcome=safe", why="sudah pulang")
    assert answer.status_code == 422
    assert "sudah pulang</textarea>" in answer.text


def test_the_slower_of_two_is_told_to_look_first(desk: Desk) -> None:
    shown = desk.hidden("langkah")
    desk.send("langkah", step="verification=under_way")
    answer = desk.send("langkah", {**shown, "form_id": "other"}, step="signal=discarded", why="ganda")
    assert answer.status_code == 422
    assert "Orang lain baru saja mengubah" in answer.text
    for bad in ("", "x", "9" * 40):
        hidden = {**shown, "form_id": bad, "seen": bad}
        assert desk.send("langkah", hidden, step="risk=low").status_code == 422


def test_a_wrong_step_is_taken_back(desk: Desk) -> None:
    desk.send("langkah", step="signal=discarded", why="ganda")
    assert desk.send("batal", why="").status_code == 422
    assert desk.send("batal", why="salah tekan").status_code == 303
    assert "<dt>Sinyal</dt><dd>baru</dd>" in desk.page
    assert "Dibatalkan: Sinyal: disisihkan \u2192 baru" in desk.page
    assert "Batalkan langkah terakhir" not in desk.page


def test_a_report_is_given_to_somebody_and_commented(desk: Desk, region: Region) -> None:
    assert desk.send("pegang", to="sari").status_code == 303
    assert "<dt>Dipegang</dt><dd><bdi>sari</bdi></dd>" in desk.page
    hidden = desk.hidden("komentar")
    assert desk.send("komentar", hidden, why="Tanya <b>BP3MI</b>").status_code == 303
    assert desk.send("komentar", hidden, why="Tanya <b>BP3MI</b>").status_code == 303, "a double press"
    page = desk.browser.read(f"/reports/{desk.report}")
    assert page.count("Tanya &lt;b&gt;BP3MI&lt;/b&gt;") == 1
    assert desk.send("komentar", why=" ").status_code == 422
    whats = {what for _, what, _ in noted(region)}
    assert whats == {"signed in", "read", "assigned", "commented"}


def test_a_response_that_has_begun_marks_the_report_acted_on(desk: Desk) -> None:
    desk.send("langkah", step="response=begun")
    assert "Tandai sudah ditindaklanjuti" not in desk.page


def test_nothing_is_changed_on_an_unknown_report(desk: Desk) -> None:
    hidden = {**desk.hidden("langkah"), "why": "x", "step": "risk=low", "to": "sari"}
    for form in ("langkah", "batal", "pegang", "komentar"):
        address = f"/reports/ffffffffffffffff.0.9/{form}"
        assert desk.browser.client.post(address, data=hidden).status_code == 404
