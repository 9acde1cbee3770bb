"""Subscribers on the pages: counts without small numbers, to how many a bulletin goes, nobody's number."""

from __future__ import annotations

import datetime

import pytest
from filled_hub import as_account
from sent_bulletins import BUDI, send_bulletin
from village import VILLAGE, Region

from hub.bulletins.services import BulletinDraft

PASSWORD = "kata sandi yang panjang sekali"
PHONE, CHAT = "6281200003141", "70000031"


@pytest.mark.parametrize("database_url", [None])
def test_an_officer_sees_how_many_and_never_who(region: Region) -> None:
    region.exchange()
    store = region.hub.store
    for name in ("budi", "ratna"):
        store.accounts.add(name, "supervisor", PASSWORD)
    kept, sending = store.subscriptions.kept, store.subscriptions.sending
    assert "Belum ada yang berlangganan." in as_account(region, "ratna", "/langganan")
    for number in range(14):
        kept.begin("sms", f"62812000031{number:02}", VILLAGE, "id")
    kept.begin("telegram", f"{CHAT}41", "52", "id")
    kept.begin("sms", PHONE, VILLAGE, "id")

    until = store.bulletins.today() + datetime.timedelta(days=9)
    draft = BulletinDraft("Actual", "offer", 2, "Likely", VILLAGE, until, True, "Waspada calo. " * 14)
    number = store.bulletins.save(None, draft, who=BUDI)
    store.bulletins.submit(number, who=BUDI)
    waits = as_account(region, "ratna", f"/buletin/{number}")
    assert "Juga ke 15 pelanggan lewat SMS, masing-masing 2 bagian." in waits
    assert "Juga ke kurang dari 11 pelanggan lewat Telegram." in waits

    send_bulletin(region)
    for one in sending.take("sms", 12):
        sending.outcome(one.id, "refused")
    page = as_account(region, "ratna", "/langganan")
    assert "ditolak: nomornya salah, atau teksnya terlalu panjang: 12" in page
    assert "SMS 24 jam terakhir: 12 dari paling banyak 200 bagian." in page
    for shown in (waits, page):
        for secret in (PHONE, "62812000031", CHAT):
            assert secret not in shown


@pytest.mark.parametrize("database_url", [None])
def test_a_drill_says_that_it_goes_to_no_subscriber(region: Region) -> None:
    region.exchange()
    store = region.hub.store
    store.accounts.add("ratna", "supervisor", PASSWORD)
    until = store.bulletins.today() + datetime.timedelta(days=9)
    draft = BulletinDraft("Exercise", "offer", 2, "Likely", VILLAGE, until, True, "Waspada calo.")
    number = store.bulletins.save(None, draft, who=BUDI)
    store.bulletins.submit(number, who=BUDI)
    page = as_account(region, "ratna", f"/buletin/{number}")
    assert "Latihan dan uji coba tidak dikirim ke pelanggan." in page
