"""A message is tried again after longer and longer waits, and given up after the last of them."""

from __future__ import annotations

from hub.duty.retries import WAITS_S, after_try


def test_what_went_is_not_tried_again() -> None:
    assert after_try(2, None, 50.0) == {"tries": 3, "problem": None, "sent_at": 50.0}


def test_what_does_not_go_is_tried_after_each_wait_and_then_given_up() -> None:
    tried = [after_try(tries, "no answer", 100.0) for tries in range(len(WAITS_S) + 1)]
    assert [one.get("next_try_at") for one in tried] == [*(100.0 + wait for wait in WAITS_S), None]
    assert ["ended_at" in one for one in tried] == [False] * len(WAITS_S) + [True]
    assert {one["problem"] for one in tried} == {"no answer"}
