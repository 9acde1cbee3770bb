from __future__ import annotations

import pytest

from village_node.web.ages import age_in_words, wait_in_words

HOUR_S = 3600
DAY_S = 86_400


@pytest.mark.parametrize(
    ("age_s", "words"),
    [
        (-5, "kurang dari satu jam lalu"),
        (0, "kurang dari satu jam lalu"),
        (HOUR_S - 1, "kurang dari satu jam lalu"),
        (HOUR_S, "1 jam lalu"),
        (DAY_S - 1, "23 jam lalu"),
        (DAY_S, "kemarin"),
        (2 * DAY_S - 1, "kemarin"),
        (2 * DAY_S, "2 hari lalu"),
        (59 * DAY_S, "59 hari lalu"),
        (60 * DAY_S, "lebih dari 2 bulan lalu"),
    ],
)
def test_ages_are_said_in_words(age_s: int, words: str) -> None:
    assert age_in_words(age_s) == words


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [
        (0, "1 menit"), (60, "1 menit"), (61, "2 menit"), (HOUR_S, "60 menit"), (HOUR_S + 1, "2 jam"),
    ],
)  # fmt: skip
def test_waiting_is_rounded_up(wait_s: int, words: str) -> None:
    assert wait_in_words(wait_s) == words
