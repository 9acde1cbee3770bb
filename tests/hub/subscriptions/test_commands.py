"""`kentongan hub subscriptions`: counts without small numbers, a limit, forgetting from standard input."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from village import VILLAGE, Region

from hub.cli import hub
from hub.subscriptions.models import Subscriber


@pytest.fixture(params=["sqlite"])
def database_url() -> None:
    """The commands are the same on both databases."""
    return


def test_counts_limit_and_forget(region: Region) -> None:
    kept = region.hub.store.subscriptions.kept
    for number in range(11):
        kept.begin("telegram", f"70000031{number:02}", VILLAGE, "id")
    kept.begin("sms", "+6281200003141", "53", "id")
    folder = str(region.hub_folder)
    region.stop_hub()

    def asked(*words: str, typed: str = "") -> list[str]:
        done = CliRunner().invoke(hub, ["subscriptions", *words], input=typed)
        return done.output.splitlines()

    lines = [json.loads(line) for line in asked("counts", folder)]
    assert [(line["area"], line["people"]) for line in lines] == [("52.02", None), ("53", None)]
    assert json.loads(asked("limit", folder, "50")[0]) == {"sms_a_day": 50}
    assert "parts a day" in asked("limit", folder, "99999")[0]
    assert json.loads(asked("forget", folder, typed="0812-0000-3141\n")[0]) == {"forgotten": True}
    assert json.loads(asked("forget", folder, typed="+6281200003141\n")[0]) == {"forgotten": False}
    assert "country code" in asked("forget", folder, typed="siapa\n")[0]
    store = region.hub.store
    assert store.subscriptions.sending.sms_a_day() == 50
    assert Subscriber.select().count(store.database) == 11
