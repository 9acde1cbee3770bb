"""The page of the radio settings by area, on a hub's real site: what the command does, and no key on it."""

from __future__ import annotations

import base64

from village import OTHER_VILLAGE, VILLAGE, Region
from werkzeug.test import TestResponse

from firmware_bridge.frequency_slots import Band
from hub.radio_plans import Wish
from hub.web.radio_plan_pages import USUAL
from sync.sealing.radio_plan import RadioPlan
from tests.hub.web.test_export_pages import Seat

PAGE = "/pendaftaran/radio"
HERE = VILLAGE[:5]
KEY = bytes(range(16))
TYPED = {"key": "typed", "channel_key": base64.b64encode(KEY).decode()}
WHY = "Jaringan baru"


def keep(seat: Seat, area: str = HERE, **typed: str) -> TestResponse:
    return seat.post(PAGE, **{**USUAL, "area": area, "text": WHY, **typed})


def noted(region: Region) -> list[tuple[str, str, str, str]]:
    entries = [kept.entry for kept in region.hub.store.audit.entries()]
    return [(e.by, e.what, e.about, e.reason) for e in entries if e.what.startswith("radio plan")]


def test_an_administrator_keeps_changes_and_forgets_settings(region: Region) -> None:
    seat, plans = Seat(region, "ketut", "administrator"), region.hub.store.radio_plans
    assert keep(seat, **TYPED).status_code == 303
    usual = Wish("SG_923", "LongFast", None, None, "serial", 3).plan(KEY, Band())
    assert plans.all() == {HERE: usual}
    page = seat.client.get(f"{PAGE}?wilayah={HERE}").text
    assert usual.key_fingerprint in page
    assert TYPED["channel_key"] not in page
    assert KEY.hex() not in page
    changed = {"key": "keep", "preset": "MediumFast", "frequency": "921,5", "hop_limit": "5"}
    assert "sudah mempunyai pengaturan lain" in keep(seat, **changed).text
    assert plans.all() == {HERE: usual}
    assert keep(seat, sure="1", **changed).status_code == 303
    assert plans.of(VILLAGE) == RadioPlan("SG_923", "MediumFast", 0, 921_500, "serial", KEY, 5)
    assert keep(seat, "").status_code == 303
    assert len(plans.all()[""].channel_key) == 32
    assert plans.all()[""].channel_key != KEY
    assert seat.post(f"{PAGE}/hapus", area=HERE, text=" ").status_code == 422
    assert seat.post(f"{PAGE}/hapus", area=HERE, text="Salah").status_code == 303
    assert list(plans.all()) == [""]
    kept = ("ketut", "radio plan set", f"area {HERE}", WHY)
    assert noted(region) == [
        *(kept, kept, ("ketut", "radio plan set", "area -", WHY)),
        ("ketut", "radio plan forgotten", f"area {HERE}", "Salah"),
    ]


def test_what_is_wrong_is_said_and_nothing_is_kept(region: Region) -> None:
    seat = Seat(region, "ketut", "administrator")
    for typed, why in (
        ({"area": "52.99"}, "Tulis kode wilayah"),
        ({"band": "920"}, "Tulis pita"),
        ({"slot": "20", "frequency": "921.5"}, "isi salah satu"),
        ({"frequency": "1e3"}, "isi salah satu"),
        ({"slot": "4"}, "tidak seluruhnya di dalam pita"),
        ({"frequency": "919.9"}, "tidak seluruhnya di dalam pita"),
        ({"region": "EU_433"}, "tidak seluruhnya di dalam pita"),
        ({"channel_name": "x" * 12}, "Nama kanal"),
        ({"hop_limit": "8"}, "Nama kanal"),
        ({"key": "keep"}, "Pilih kunci"),
        ({"key": "typed", "channel_key": "YWJj"}, "Pilih kunci"),
        ({"text": " "}, "Tulis alasan"),
    ):
        answer = keep(seat, **typed)
        assert (answer.status_code, why in answer.text, "YWJj" in answer.text) == (422, True, False), typed
    assert region.hub.store.radio_plans.all() == {}
    assert noted(region) == []


def test_whoever_has_one_area_changes_nothing_beyond_it(region: Region) -> None:
    plans = region.hub.store.radio_plans
    everywhere = Seat(region, "ketut", "administrator")
    for area in ("", OTHER_VILLAGE[:2]):
        assert keep(everywhere, area).status_code == 303
    before = plans.all()
    seat = Seat(region, "made", "administrator", areas=(HERE,))
    page = seat.client.get(PAGE).text
    assert ("Seluruh hub" in page, "Hapus pengaturan ini" in page) == (True, False)
    assert f"{OTHER_VILLAGE[:2]}," not in page
    for area in ("", OTHER_VILLAGE[:2], VILLAGE[:2]):
        assert keep(seat, area, sure="1").status_code == 422
        seat.post(f"{PAGE}/hapus", area=area, text="x")
    assert plans.all() == before
    assert keep(seat, HERE).status_code == 303
