from __future__ import annotations

import datetime
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub import folder as hub_folder
from hub.config import HubConfig
from hub.disclosure import MOST_DAYS, SOON_DAYS, BadContact, Disclosure, checked_contact, expiry_day
from hub.doctor import _disclosure
from hub.wiring import Hub
from kentongan import main
from sync.clock import SystemClock

NOW_S = 1_800_000_000.0
TODAY = datetime.date(2027, 1, 15)
CONTACTS = ("mailto:keamanan@kantor.example", "tel:+62-370-0000-11", "https://kantor.example/lapor")


def test_it_says_whom_to_tell_until_when_and_in_which_languages() -> None:
    lines = [
        line.partition(": ")[::2] for line in Disclosure(CONTACTS).text(NOW_S, "https://h/x").splitlines()
    ]
    assert [value for name, value in lines if name == "Contact"] == list(CONTACTS)
    fields = dict(lines)
    left = datetime.datetime.fromisoformat(fields["Expires"]).timestamp() - NOW_S
    assert 170 * 86_400 < left < 366 * 86_400
    assert fields["Preferred-Languages"] == "id, en"
    assert fields["Canonical"] == "https://h/x"
    assert "Canonical" not in Disclosure(CONTACTS).text(NOW_S, "http://h/x")
    assert "\nExpires: 2027-02-01T00:00:00Z\n" in Disclosure(CONTACTS, datetime.date(2027, 1, 31)).text(NOW_S)


@pytest.mark.parametrize(
    "typed",
    [
        *("keamanan@kantor.example", "http://kantor.example", "javascript:1", "mailto:", "mailto:keamanan"),
        *(
            "mailto:a@b.example\nExpires: 1",
            "mailto:a b@c.example",
            "https:///x",
            "https://[",
            "mailto:ä@b.example",
        ),
        *("tel:", "", f"tel:{'0' * 300}"),
    ],
)
def test_a_contact_that_nobody_could_use_is_refused_with_what_is_allowed(typed: str) -> None:
    with pytest.raises(BadContact, match="a contact "):
        checked_contact(typed)
    with pytest.raises(BadContact):
        Disclosure((typed,))


def test_a_last_day_lies_ahead_and_not_too_far() -> None:
    for days in (1, MOST_DAYS):
        assert expiry_day(TODAY + datetime.timedelta(days), NOW_S)
    for days in (-1, 0, MOST_DAYS + 1):
        with pytest.raises(BadContact, match="at least 1"):
            expiry_day(TODAY + datetime.timedelta(days), NOW_S)


def test_nobody_a_past_day_and_one_that_comes_soon_are_told() -> None:
    def problem(days: int) -> str:
        return Disclosure(CONTACTS, TODAY + datetime.timedelta(days)).problem(NOW_S) or ""

    assert "nobody" in (Disclosure().problem(NOW_S) or "")
    assert [problem(SOON_DAYS), problem(0), problem(-1)] == [
        "",
        "security.txt is over in 1 days",
        "security.txt is over",
    ]
    assert Disclosure(CONTACTS).problem(NOW_S) is None


# -- kept by a hub --------------------------------------------------------------------------------


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    hub_folder.create(tmp_path / "hub", name="Hub Contoh", database_url="sqlite:///x", release_public=None)
    return tmp_path / "hub"


def contact(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["hub", "security-contact", *map(str, arguments)])


def said(*arguments: object) -> dict[str, Any]:
    result = contact(*arguments)
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_a_hub_keeps_prints_and_forgets_it_and_nothing_else_changes(hub: Path) -> None:
    before = hub_folder.load(hub)
    assert said(hub)["contacts"] == []
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(100)
    assert said(hub, *CONTACTS, "--expires", day) == {
        "contacts": list(CONTACTS),
        "expires": day.isoformat(),
        "problem": None,
    }
    assert said(hub)["contacts"] == list(CONTACTS)
    for refused, code in (
        ((hub, "kantor.example"), 1),
        ((hub, CONTACTS[0], "--expires", "2020-01-01"), 1),
        ((hub, "--none", CONTACTS[0]), 2),
        ((hub, "--expires", day), 2),
        ((hub.parent, CONTACTS[0]), 1),
    ):
        assert contact(*refused).exit_code == code, refused
    assert hub_folder.disclosure_of(hub) == Disclosure(CONTACTS, day)
    assert hub_folder.load(hub) == before
    assert "nobody" in str(said(hub, "--none")["problem"])


def test_the_option_of_serve_goes_before_it_and_the_doctor_sees_what_is_kept(hub: Path) -> None:
    def told(*option: str) -> Disclosure:
        server: Any = SimpleNamespace(config=HubConfig(hub, security_contacts=option))
        return Hub._whom_to_tell(server)

    store: Any = SimpleNamespace(clock=SystemClock())
    found = _disclosure(store, hub)
    assert (found["ok"], "security-contact" in str(found["do"])) == (False, True)
    hub_folder.keep_disclosure(hub, Disclosure(CONTACTS))
    assert told() == Disclosure(CONTACTS)
    assert told("tel:+620000") == Disclosure(("tel:+620000",))
    assert _disclosure(store, hub)["ok"]
