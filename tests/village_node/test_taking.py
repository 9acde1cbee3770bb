from __future__ import annotations

import threading

import pytest

from village_node.taking import OneUseForms, new_form_token


def test_tokens_are_all_different_and_long() -> None:
    tokens = {new_form_token() for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 22


def test_a_form_is_taken_once_and_told_apart_from_others() -> None:
    forms: OneUseForms[int] = OneUseForms()
    calls: list[bytes | None] = []

    def take(token_hash: bytes | None) -> int:
        calls.append(token_hash)
        return len(calls)

    assert forms.take("a", take) == (1, False)
    assert forms.take("a", take) == (1, True)
    assert forms.take("b", take) == (2, False)
    assert forms.take(None, take) == (3, False)
    assert forms.take(None, take) == (4, False)
    assert calls[2:] == [None, None]
    assert calls[0] != calls[1]


def test_a_form_that_failed_can_be_sent_again() -> None:
    forms: OneUseForms[int] = OneUseForms()

    def fails(_: bytes | None) -> int:
        raise OSError

    with pytest.raises(OSError):  # its own
        forms.take("a", fails)
    assert forms.take("a", lambda _: 7) == (7, False)


def test_who_posts_at_the_same_moment_waits_for_the_first() -> None:
    forms: OneUseForms[int] = OneUseForms()
    began, go_on = threading.Event(), threading.Event()
    results: list[tuple[int, bool]] = []

    def slow(_: bytes | None) -> int:
        began.set()
        assert go_on.wait(10)
        return 1

    first = threading.Thread(target=lambda: results.append(forms.take("a", slow)))
    first.start()
    assert began.wait(10)
    second = threading.Thread(target=lambda: results.append(forms.take("a", lambda _: 2)))
    second.start()
    go_on.set()
    first.join(10)
    second.join(10)
    assert sorted(results) == [(1, False), (1, True)]
