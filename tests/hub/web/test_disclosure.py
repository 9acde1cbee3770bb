from __future__ import annotations

from flask import Flask

from hub.disclosure import Disclosure
from hub.web.disclosure import PATH, register
from sync.clock import ManualClock

NOW_S = 1_800_000_000.0
KEPT = Disclosure(("mailto:keamanan@kantor.example",))


def test_it_is_published_as_it_is_kept_now_for_everybody() -> None:
    kept = [Disclosure()]
    app = Flask("hub.web")
    register(app, lambda: kept[0], ManualClock(wall_s=NOW_S), secure=True)
    asked = app.test_client()
    assert asked.get(PATH).status_code == 404
    kept[0] = KEPT
    answer = asked.get(PATH, headers={"Host": "hub.kantor.example"})
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == KEPT.text(NOW_S, f"https://hub.kantor.example{PATH}")


def test_over_plain_http_it_names_no_address_of_its_own() -> None:
    app = Flask("hub.web")
    register(app, lambda: KEPT, ManualClock(wall_s=NOW_S), secure=False)
    assert app.test_client().get(PATH).text == KEPT.text(NOW_S)
