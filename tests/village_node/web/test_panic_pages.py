"""Help in one tap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from village_node.services import StorageFull
from village_node.web.panic_pages import NO_WORDS
from village_node.web.public_app import create_public_app

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

TOKEN = "token-of-a-form-0001"


def test_numbers_come_first_and_one_button_sends(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.get("/telepon").text)
    buttons = [e for e in page.elements if "button" in e["class"] or e.tag == "button"]
    assert buttons[0]["href"] == "tel:110"
    assert [e.tag for e in buttons[:-1]] == ["a"] * (len(buttons) - 1)
    assert buttons[-1].tag == "button"
    assert len(page.all("main")[0].text.split()) < 40, "few words"


def test_nobody_is_left_waiting_for_somebody_to_come(client: FlaskClient) -> None:
    text = client.get("/telepon").text
    assert "Petugas tidak langsung datang." in text
    assert text.index("langsung datang") < text.index("Minta tolong lewat kotak ini"), "before the tap"


@pytest.mark.parametrize(("typed", "story"), [("", NO_WORDS), ("  ", NO_WORDS), ("Di dermaga", "Di dermaga")])
def test_one_tap_is_an_urgent_report_of_this_village(
    services: MemoryServices, typed: str, story: str
) -> None:
    client = create_public_app(services, village_name="Contoh", village_code="52.02.08.2001").test_client()
    response = client.post("/telepon", data={"form_token": TOKEN, "narrative": typed})
    assert response.status_code == 200
    assert services.reports == [
        {"kind": "victim", "urgency": "now", "channel": "web", "narrative": story, "place": "52.02.08.2001"}
    ]
    assert "tel:110" in response.text, "a box is no police: the numbers stay in sight"


def test_a_second_tap_is_the_same_call(client: FlaskClient, services: MemoryServices) -> None:
    for _ in range(2):
        client.post("/telepon", data={"form_token": TOKEN})
    assert len(services.reports) == 1


def test_what_was_not_kept_is_said_with_the_numbers(client: FlaskClient, services: MemoryServices) -> None:
    services.failure = StorageFull()
    response = client.post("/telepon", data={"form_token": TOKEN, "narrative": "Di dermaga"})
    assert response.status_code == 503
    assert "TIDAK tersimpan" in response.text
    assert 'value="Di dermaga"' in response.text
    services.failure = None
    assert client.post("/telepon", data={"narrative": "x"}).status_code == 422
    assert client.post("/telepon", data={"form_token": TOKEN, "narrative": "x" * 4001}).status_code == 422
    assert services.reports == []
