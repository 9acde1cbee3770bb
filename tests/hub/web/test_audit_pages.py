"""An auditor's pages about the log of accesses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from office import Officer
from village import Region, quick_folder

from hub.account_services import account_key
from hub.audit.models import AuditEntry, AuditHead
from hub.web import audit_pages


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.fixture
def auni(region: Region) -> Officer:
    officer = Officer(region, "auni", "auditor")
    assert officer.sign_in().location == "/catatan"
    log = region.hub.store.audit
    for number in range(3):
        log.note("sari", "read", f"report 0123456789abcdef.0.{number}")
    log.note("budi", "answered", "report 0123456789abcdef.0.1", "karena ditanya")
    return officer


def test_entries_stand_in_words_and_each_look_is_noted(auni: Officer) -> None:
    page = auni.read("/catatan")
    assert page.count(">membaca<") == 3 + 1, "three entries and the choice"
    assert "laporan 0123456789abcdef.0.1" in page
    assert "karena ditanya" in page
    log = auni.region.hub.store.audit
    last = log.entry(log.size() - 1).entry
    assert (last.by, last.what, last.about) == ("auni", "log seen", "log entries")
    auni.read("/catatan/keadaan")
    assert log.entry(log.size() - 1).entry.about == "log state"


def rows(page: str) -> int:
    return page.count('<th scope="row">')


def test_entries_are_filtered_and_no_address_holds_a_name(auni: Officer) -> None:
    assert rows(auni.read(f"/catatan?by={account_key('sari')}")) == 3
    assert rows(auni.read("/catatan?what=answered")) == 1
    assert rows(auni.read("/catatan?about=report+0123456789abcdef.0.1")) == 2
    assert rows(auni.read(f"/catatan?by={account_key('budi')}&what=read")) == 0
    assert rows(auni.read("/catatan?day=1999-01-01")) == 0
    assert rows(auni.read("/catatan?day=2027-01-15")) > 3
    assert "Pilih tanggal" in auni.read("/catatan?day=besok")
    assert rows(auni.read("/catatan?before=x&by=%00&what=%27")) == 0


def test_pages_go_on_by_number(auni: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_pages, "ENTRIES_PER_PAGE", 2)
    page = auni.read(f"/catatan?by={account_key('sari')}")
    assert rows(page) == 2
    after = page.split("&amp;before=")[1].split('"')[0]
    later = auni.read(f"/catatan?by={account_key('sari')}&before={after}")
    assert rows(later) == 1
    assert "lebih lama" not in later


def test_the_state_shows_the_head_and_what_does_not_fit_it(auni: Officer) -> None:
    log = auni.region.hub.store.audit
    assert "Belum ada." in auni.read("/catatan/keadaan")
    signed = log.sign_head()
    page = auni.read("/catatan/keadaan")
    assert signed.hex() in page
    assert log.public.hex() in page
    assert "warning" not in page
    kept = AuditHead.select().get(log._db)
    AuditEntry.delete().where(AuditEntry.number == 3).execute(log._db)
    forged = bytearray(kept.signed)
    forged[-64] ^= 1
    AuditHead.update(signed=bytes(forged)).execute(log._db)
    assert "bukan dari kunci hub ini" in auni.read("/catatan/keadaan")


def test_a_page_loaded_ahead_is_no_look(auni: Officer) -> None:
    size = auni.region.hub.store.audit.size()
    assert auni.client.get("/catatan", headers={"Sec-Purpose": "prefetch"}).status_code == 503
    assert auni.region.hub.store.audit.size() == size
