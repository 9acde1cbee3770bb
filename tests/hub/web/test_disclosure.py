from __future__ import annotations

import datetime

import pytest
from flask import Flask

from hub.web.disclosure import PATH, BadContact, checked_contact, register, security_txt
from sync.clock import ManualClock

NOW_S = 1_800_000_000.0
CONTACTS = ("mailto:keamanan@kantor.example", "tel:+62-370-0000-11")


def app(*contacts: str, secure: bool = True) -> Flask:
    made = Flask("hub.web")
    register(made, contacts, ManualClock(wall_s=NOW_S), secure=secure)
    return made


def test_it_says_whom_to_tell_until_when_and_in_which_languages() -> None:
    answer = app(*CONTACTS).test_client().get(PATH, headers={"Host": "hub.kantor.example"})
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = [line.partition(": ")[::2] for line in answer.text.splitlines()]
    assert [value for name, value in lines if name == "Contact"] == list(CONTACTS)
    fields = dict(lines)
    left = datetime.datetime.fromisoformat(fields["Expires"]).timestamp() - NOW_S
    assert 170 * 86_400 < left < 366 * 86_400
    assert fields["Preferred-Languages"] == "id, en"
    assert fields["Canonical"] == f"https://hub.kantor.example{PATH}"


def test_without_a_contact_there_is_none_and_plain_http_is_not_canonical() -> None:
    assert app().test_client().get(PATH).status_code == 404
    assert "Canonical" not in app(*CONTACTS, secure=False).test_client().get(PATH).text


@pytest.mark.parametrize(
    "typed",
    ["keamanan@kantor.example", "http://kantor.example", "javascript:1", "mailto:", "mailto:a\nExpires: 1"],
)
def test_a_contact_that_nobody_could_use_is_refused(typed: str) -> None:
    with pytest.raises(BadContact):
        checked_contact(typed)
    with pytest.raises(BadContact):
        security_txt((typed,), NOW_S, "")
