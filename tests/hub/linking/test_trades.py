"""Countries and jobs are read from words."""

from __future__ import annotations

import re

from hub.linking import trades
from sync.records import JOBS


def test_cities_and_old_names_tell_the_country() -> None:
    assert trades.find_countries(trades.words_of("dari Hong Kong atau Abu Dhabi")) == {"HK", "AE"}
    assert trades.find_countries(trades.words_of("kebun di Keningau")) == {"MY"}


def test_jobs_are_those_of_the_form() -> None:
    assert trades.find_jobs(trades.words_of("jadi ABK kapal")) == {"fishing"}
    assert set(trades._JOBS) <= set(JOBS)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in trades._COUNTRIES)


def test_an_account_may_hold_a_country() -> None:
    assert trades.words_in_handle("lokerkorea88") == ["korea"]
