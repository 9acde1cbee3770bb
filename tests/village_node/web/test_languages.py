from __future__ import annotations

from flask.testing import FlaskClient

from village_node.web.languages import INDONESIAN, current, to, translate


def test_outside_of_a_page_all_is_indonesian() -> None:
    assert current() is INDONESIAN
    assert translate("Tunggu %(wait)s.", wait="1 menit") == "Tunggu 1 menit."
    assert translate("100 %") == "100 %"
    assert translate("") == ""
    assert to("/lapor") == "/lapor"


def test_indonesian_may_be_asked_for_by_name(client: FlaskClient) -> None:
    assert client.get("/id/lapor").status_code == 200
    assert client.get("/id").text == client.get("/").text
    assert client.get("/xx/lapor").status_code == 404
