"""The page of the weights: two people and their forms."""

from __future__ import annotations

import html
import re

import pytest
from village import Region
from werkzeug.test import TestResponse

from hub.learning import refitting
from tests.hub.learning.test_challenging import learned
from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields

PAGE = "/belajar/bobot"


def send(browser: Browser, action: str, **typed: str) -> TestResponse:
    forms = re.findall(
        r'<form method="post" action="/belajar/bobot".*?</form>', browser.read(PAGE), re.DOTALL
    )
    [form] = [one for one in forms if f'name="action" value="{action}"' in one]
    return browser.client.post(PAGE, data={**hidden_fields(form), **typed})


@pytest.mark.parametrize("database_url", [None])
def test_one_proposes_another_approves_and_brings_back(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, role in (("ketut", "administrator"), ("wayan", "supervisor")):
        region.hub.store.accounts.add(name, role, HubInMemory.PASSWORD)
    app = region.hub.create_app()
    ketut, wayan = Browser(app), Browser(app)
    ketut.sign_in("ketut")
    wayan.sign_in("wayan")
    few = html.unescape(ketut.read(PAGE))
    assert "200 hasil verifikasi, dan 50 yang terbukti" in few
    refused = send(ketut, "refit", held_back="0")
    assert (refused.status_code, "kurang 200" in refused.get_data(as_text=True)) == (422, True)
    monkeypatch.setattr(refitting, "LEAST_LABELS", 8)
    monkeypatch.setattr(refitting, "LEAST_CONFIRMED", 3)
    version = learned(region)  # takes a week: nobody stays signed in
    ketut.sign_in("ketut")
    wayan.sign_in("wayan")
    assert version in ketut.read(PAGE)
    assert "Belum dapat dibandingkan" in ketut.read(PAGE)
    assert send(ketut, "propose", why="lebih baik").status_code == 303
    assert 'value="accept"' not in ketut.read(PAGE)
    assert send(wayan, "accept", why="").status_code == 422
    assert send(wayan, "accept", why="sudah diperiksa").status_code == 303
    assert f"<dd>{version}</dd>" in wayan.read(PAGE)
    assert send(wayan, "undo", why="ternyata tidak").status_code == 303
    page = wayan.read(PAGE)
    assert "<dd>2026-11</dd>" in page
    assert "ternyata tidak" in page
    assert ketut.client.get(f"{PAGE}.png").mimetype == "image/png"
