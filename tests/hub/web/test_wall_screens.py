"""A screen in the duty room: it stays on for weeks, and opens nothing but the wall view."""

from __future__ import annotations

import re
from copy import copy

from office import PASSWORD, Officer
from village import Region

from hub.accounts.sessions import WALL_ABSOLUTE_LIMIT_S, WALL_IDLE_LIMIT_S
from hub.audit.log import EntryFilter

HOUR_S = 3600


def on_the_wall(region: Region) -> Officer:
    sari = Officer(region, "sari", "analyst")
    sari.sign_in()
    assert sari.post("/dinding/tetap", page="/dinding").status_code == 303
    return sari


def test_it_stays_on_over_days_while_it_refreshes_itself(region: Region) -> None:
    screen = on_the_wall(region)
    for _ in range(3):
        region.clock.advance(WALL_IDLE_LIMIT_S - HOUR_S)
        assert screen.get("/dinding?auto=1").status_code == 200
    region.clock.advance(WALL_IDLE_LIMIT_S)
    assert screen.get("/dinding?auto=1").status_code == 303, "a day without it: somebody took it away"


def test_it_ends_after_a_month(region: Region) -> None:
    accounts, begun = region.hub.store.accounts, region.clock.wall_s()
    accounts.add("sari", "analyst", PASSWORD)
    screen = accounts.begin_wall("sari")
    while region.clock.wall_s() - begun < WALL_ABSOLUTE_LIMIT_S - 20 * HOUR_S:
        region.clock.advance(20 * HOUR_S)
        assert accounts.session(screen) is not None
        accounts.note_activity(screen)
    region.clock.advance(20 * HOUR_S)
    assert accounts.session(screen) is None


def test_it_opens_nothing_else(region: Region) -> None:
    screen = on_the_wall(region)
    app = screen.client.application
    for rule in app.url_map.iter_rules():
        if (
            "GET" not in (rule.methods or ())
            or rule.arguments
            or rule.endpoint.startswith(("sign_in", "api", "odata", "openrosa", "cap.", "disclosure."))
        ):
            continue
        answer = screen.get(rule.rule)
        assert answer.status_code == (200 if rule.endpoint == "pictures.show_wall" else 303), rule.rule
    token = re.findall(r'name="form_token" value="([0-9a-f]+)"', screen.read("/dinding"))[0]
    changed = screen.client.post("/cari", data={"form_token": token, "text": "contoh"})
    assert changed.status_code == 403
    assert "form_token" in screen.read("/sign-in")


def test_who_sits_there_may_stop_the_ringing_and_end_it(region: Region) -> None:
    screen = on_the_wall(region)
    assert screen.post("/dinding/lihat", page="/dinding").status_code == 303
    assert screen.post("/dinding/selesai", page="/dinding").status_code == 303
    assert screen.get("/dinding").status_code == 303


def test_the_account_sees_and_ends_it_and_the_log_names_it(region: Region) -> None:
    screen = on_the_wall(region)
    at_the_desk = copy(screen)
    at_the_desk.client = region.hub.create_app().test_client()
    at_the_desk.sign_in()
    assert "(layar dinding)" in at_the_desk.read("/akun-saya")
    at_the_desk.post("/akun-saya/sesi/akhiri", page="/akun-saya")
    assert screen.get("/dinding").status_code == 303
    found, _ = region.hub.store.audit.page(EntryFilter(what="wall begun"), before=None, limit=5)
    assert [(entry.by, entry.about) for entry in found] == [("sari", "account sari")]


def test_its_cookie_outlives_the_browser(region: Region) -> None:
    screen = on_the_wall(region)
    cookie = screen.client.get_cookie("kentongan_hub")
    assert cookie is not None
    assert cookie.expires is not None
