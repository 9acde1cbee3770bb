"""`kentongan hub weekly`."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner
from village import Region

from hub.week_counts import week_of
from hub.weekly.services import name_of
from kentongan import main


@pytest.mark.parametrize("database_url", [None])  # what the command adds has nothing to do with the database
def test_it_makes_a_week_again_as_a_correction_and_shows_it(region: Region) -> None:
    store = region.hub.store
    region.node()
    # The command has the machine's own clock.
    name = name_of(week_of(time.time(), store.week_counts.zone) - 7)
    folder = str(region.hub_folder)
    region.close()

    def ask(*words: str) -> tuple[str, str, int]:
        done = CliRunner().invoke(main, ["hub", "weekly", words[0], folder, *words[1:]])
        return done.stdout, done.stderr, done.exit_code

    out, err, _ = ask("make", "--week", name)
    assert json.loads(out) == {"week": name, "version": 1}
    out, err, _ = ask("make", "--week", name)
    assert json.loads(out) == {"week": name, "version": 2}
    assert "version 2 takes the place of version 1 as a correction; version 1 is kept" in err
    assert "Correction: version 2." in ask("show", "--language", "en")[0]
    assert "a week is written as 2026-W48" in ask("make", "--week", "48")[1]
