"""Open conversations are few, forgotten and nameless."""

from __future__ import annotations

import pytest

from bots.conversations import ConversationLimits, Conversations
from bots.dialogue.contract import State

KEY = bytes(range(32))


def test_a_conversation_goes_on_until_it_was_silent_for_too_long() -> None:
    open_ones = Conversations(KEY, ConversationLimits(forget_s=60))
    key = open_ones.key_of("+620000123")
    open_ones.keep(key, State(dialogue="report"), 0)
    assert open_ones.state_of(key, 59).dialogue == "report"
    open_ones.keep(key, State(dialogue="report"), 59)
    assert open_ones.state_of(key, 118).dialogue == "report"
    assert open_ones.state_of(key, 119).dialogue == "menu"
    assert len(open_ones) == 0


def test_the_longest_silent_one_makes_room() -> None:
    open_ones = Conversations(KEY, ConversationLimits(most=2))
    for n, who in enumerate(("a", "b", "a", "c")):
        open_ones.keep(open_ones.key_of(who), State(dialogue="ask"), n)
    assert len(open_ones) == 2
    assert open_ones.state_of(open_ones.key_of("a"), 4).dialogue == "ask"
    assert open_ones.state_of(open_ones.key_of("b"), 4).dialogue == "menu"


def test_a_key_tells_nobody_who_it_is_and_another_process_has_others() -> None:
    one, other = Conversations(KEY), Conversations(bytes(32))
    assert one.key_of("+620000123") != other.key_of("+620000123")
    one.keep(one.key_of("+620000123"), State(), 0)
    assert "0000123" not in repr(vars(one))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Conversations(b"short")
