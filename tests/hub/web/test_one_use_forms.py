"""A form counts once."""

from __future__ import annotations

import threading

import pytest

from hub.web.one_use_forms import OneUseForms


def test_the_second_press_does_nothing() -> None:
    forms, done = OneUseForms(), []
    for form_id in ("a", "a", "b", "a"):
        forms.carry_out_once(form_id, lambda form_id=form_id: done.append(form_id))  # type: ignore[misc]
    assert done == ["a", "b"]


def test_a_form_that_failed_may_be_sent_again() -> None:
    forms, done = OneUseForms(), []

    def fail() -> None:
        raise OSError

    with pytest.raises(OSError):
        forms.carry_out_once("a", fail)
    forms.carry_out_once("a", lambda: done.append(1))
    assert done == [1]


def test_two_presses_at_once_wait_for_each_other() -> None:
    forms, done = OneUseForms(), []
    began, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        began.set()
        assert may_end.wait(5)
        done.append(1)

    first = threading.Thread(target=forms.carry_out_once, args=("a", slowly))
    second = threading.Thread(target=forms.carry_out_once, args=("a", lambda: done.append(2)))
    first.start()
    assert began.wait(5)
    second.start()
    second.join(0.05)
    assert second.is_alive()
    may_end.set()
    first.join(5)
    second.join(5)
    assert done == [1]


def test_old_forms_are_forgotten_in_their_order() -> None:
    forms, done = OneUseForms(), []
    for number in range(1001):
        forms.carry_out_once(str(number), lambda: None)
    forms.carry_out_once("1000", lambda: done.append("new"))
    forms.carry_out_once("0", lambda: done.append("old"))
    assert done == ["old"]
