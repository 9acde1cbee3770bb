from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from facilitator import client_over

from village_node.web import facilitator_app, pin_pages

STATUS: dict[str, Any] = {
    "takes_reports": True,
    "reports_waiting": "none",
    "waiting_days": None,
    "last_contact_age_s": None,
    "known_to_hub": True,
    "radio": {"connected": True, "number": "!00000001", "problem": None},
    "internet": None,
    "clock": "known",
    "fingerprint": "1312 8747 0072 0243 6940",
}


def page(**changes: object) -> str:
    client = client_over(lambda: {**STATUS, **changes})
    return " ".join(client.get("/keadaan").text.split())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "<dt>Tempat simpan</dt><dd>cukup, laporan diterima</dd>"),
        ({}, "<dt>Laporan menunggu dikirim</dt><dd>tidak ada</dd>"),
        (
            {"power": "low_now"},
            '<dd class="wrong">Perlu dikerjakan<br>kurang sekarang<p class="hint">Pakai adaptor',
        ),
        ({}, "1312 8747 0072 0243 6940"),
    ],
)
def test_the_health_page_says_in_words_how_the_box_is(changes: dict[str, object], said: str) -> None:
    assert said in page(**changes)


def test_an_error_page_of_the_facilitators_site_leads_to_its_own_pages_only() -> None:
    client = client_over(lambda: STATUS)
    response = client.get("/isi")
    assert response.status_code == 404
    assert 'href="/"' in response.text
    assert 'href="/isi"' not in response.text
    assert 'href="/nomor"' not in response.text


def test_the_office_that_opens_reports_has_one_name_on_every_page() -> None:
    folder = Path(facilitator_app.__file__).parent / "templates" / "facilitator"
    texts = {
        page.name: re.sub(r"\{[{%].*?[}%]\}", "", page.read_text("utf-8")) for page in folder.glob("*.html")
    }
    texts["pin_pages"] = pin_pages.CODE_WRONG
    assert len(texts) > 20
    assert [name for name, text in texts.items() if re.search(r"\bhub\b", text)] == []
