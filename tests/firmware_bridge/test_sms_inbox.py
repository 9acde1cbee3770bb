"""Messages on the card: parts in any order, doubles, gaps, and when a slot may be deleted."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.emulated_sms_network import deliver_pdu, encode_delivers
from firmware_bridge.sms_inbox import (
    GAP,
    PARTS_WAIT_FULL_S,
    PARTS_WAIT_S,
    REMEMBERED,
    ReceivedSms,
    RefusedSms,
    SmsInbox,
)
from firmware_bridge.sms_pdu import CONCATENATED_16, Alphabet, UserData, split_text

SENDER, OTHER = "+6281200001234", "+6281300004321"
UNIX_S = 1_780_000_000
LONG = "Anak saya dibawa ke pelabuhan tadi malam. " * 9


def texts(inbox: SmsInbox) -> list[str]:
    return [event.text if isinstance(event, ReceivedSms) else event.reason for event in inbox.events]


def let_go(inbox: SmsInbox) -> None:
    for event in inbox.events:
        inbox.forget(event.message_id)


@given(st.randoms(use_true_random=False), st.sampled_from([LONG, "日本 😀" * 60]))
def test_parts_come_in_any_order_and_doubled(random: random.Random, text: str) -> None:
    parts = encode_delivers(SENDER, text, 9, UNIX_S)
    slots = list(enumerate(parts + [random.choice(parts)], 1))
    random.shuffle(slots)
    inbox = SmsInbox(bytes(32))
    for slot, pdu in slots:
        inbox.take(slot, pdu, 0.0)
    assert texts(inbox) == [text.strip()]
    assert inbox.slots_to_delete() == []
    let_go(inbox)
    assert inbox.slots_to_delete() == sorted(slot for slot, _ in slots)


def test_long_messages_of_several_people_and_references_are_kept_apart() -> None:
    inbox = SmsInbox(bytes(32))
    mixed = [
        encode_delivers(SENDER, LONG, 9, UNIX_S),
        encode_delivers(OTHER, LONG.upper(), 9, UNIX_S),
        encode_delivers(SENDER, LONG.title(), 10, UNIX_S),
    ]
    for slot, pdu in enumerate([message[part] for part in (2, 0, 1) for message in mixed], 1):
        inbox.take(slot, pdu, 0.0)
    assert texts(inbox) == [LONG.strip(), LONG.upper().strip(), LONG.title().strip()]


def test_a_wide_reference_joins_too_and_is_no_narrow_one() -> None:
    def part(reference: bytes, number: int, text: str) -> bytes:
        header = bytes([6, CONCATENATED_16, 4]) + reference + bytes([2, number])
        body = text.encode("utf-16-be")
        return deliver_pdu(SENDER, UserData(True, Alphabet.UCS2, 7 + len(body), header + body), UNIX_S)

    inbox = SmsInbox(bytes(32))
    # The pair of one sign above U+FFFF lies in two parts: halves are joined before they are read.
    high, low = "\ud83d", "\ude00"
    for slot, (number, half) in enumerate([(2, low), (1, high)], 1):
        header = bytes([6, CONCATENATED_16, 4, 1, 2, 2, number])
        body = half.encode("utf-16-be", "surrogatepass")
        pdu = deliver_pdu(SENDER, UserData(True, Alphabet.UCS2, 9, header + body), UNIX_S)
        inbox.take(slot, pdu, 0.0)
    inbox.take(3, part(b"\x00\x01", 1, "a"), 0.0)
    inbox.take(4, part(b"\x00\x02", 2, "b"), 0.0)
    assert texts(inbox) == ["😀"]


def test_missing_parts_are_given_up_after_a_wait_and_leave_a_gap() -> None:
    parts = encode_delivers(SENDER, LONG, 9, UNIX_S)
    inbox = SmsInbox(bytes(32))
    inbox.take(1, parts[0], 0.0)
    inbox.take(2, parts[2], 100.0)
    assert inbox.next_timer_at() == 100.0 + PARTS_WAIT_S
    inbox.handle_timers(99.0 + PARTS_WAIT_S)
    assert inbox.events == []
    inbox.handle_timers(100.0 + PARTS_WAIT_S)
    (event,) = inbox.events
    assert isinstance(event, ReceivedSms)
    assert event.missing_parts == 1
    assert event.text == LONG[:153] + GAP + LONG[306:].strip()
    let_go(inbox)
    assert inbox.slots_to_delete() == [1, 2]


def test_a_full_card_waits_only_a_minute_for_parts_that_have_no_place() -> None:
    inbox = SmsInbox(bytes(32))
    inbox.take(1, encode_delivers(SENDER, LONG, 9, UNIX_S)[0], 0.0)
    inbox.is_full = True
    inbox.handle_timers(PARTS_WAIT_FULL_S)
    assert len(inbox.events) == 1


def test_a_reference_used_again_ends_the_message_that_was_never_whole() -> None:
    inbox = SmsInbox(bytes(32))
    inbox.take(1, encode_delivers(SENDER, LONG, 9, UNIX_S)[0], 0.0)
    for slot, pdu in enumerate(encode_delivers(SENDER, LONG.upper(), 9, UNIX_S), 2):
        inbox.take(slot, pdu, 1.0)
    assert [event.missing_parts for event in inbox.events if isinstance(event, ReceivedSms)] == [2, 0]


def test_a_message_is_told_once_however_often_it_is_listed() -> None:
    pdu = encode_delivers(SENDER, "Halo", 1, UNIX_S)[0]
    inbox = SmsInbox(bytes(32))
    for _ in range(3):
        inbox.take_listing({4: pdu}, 0.0)
    assert texts(inbox) == ["Halo"]
    let_go(inbox)
    inbox.take_listing({}, 1.0)
    # The network did not hear that it was taken, and delivers it again: it is known, and goes at once.
    inbox.take_listing({1: pdu}, 2.0)
    assert texts(inbox) == ["Halo"]
    assert inbox.slots_to_delete() == [1]


def test_a_slot_is_deleted_only_while_it_holds_what_may_go() -> None:
    first, second = (encode_delivers(SENDER, text, 1, UNIX_S)[0] for text in ("satu", "dua"))
    inbox = SmsInbox(bytes(32))
    inbox.take(1, first, 0.0)
    let_go(inbox)
    assert inbox.holds(1, first)
    assert not inbox.holds(1, second)
    assert not inbox.holds(2, first)
    inbox.take_listing({1: second}, 1.0)  # another card
    assert inbox.slots_to_delete() == []


def test_ids_are_the_same_with_the_same_key_and_tell_nothing_without_it() -> None:
    pdu = encode_delivers(SENDER, "Halo", 1, UNIX_S)[0]
    ids = []
    for key in (bytes(32), bytes(32), bytes([1]) * 32):
        inbox = SmsInbox(key)
        inbox.take(1, pdu, 0.0)
        ids.append(inbox.events[0].message_id)
    assert ids[0] == ids[1] != ids[2]


def test_what_nobody_wrote_goes_at_once_and_what_cannot_be_read_is_told() -> None:
    inbox = SmsInbox(bytes(32))
    report = bytes.fromhex("0006050B915155214365F7" + "62508221640400" * 2 + "00")
    data = deliver_pdu(SENDER, UserData(False, Alphabet.DATA, 2, b"ab"), UNIX_S, coding=0x04)
    shifted = deliver_pdu(SENDER, UserData(True, Alphabet.GSM7, 9, b"\x03\x24\x01\x01" + bytes(4)), UNIX_S)
    for slot, pdu in enumerate([report, data, shifted, b"\x00\x01"], 1):
        inbox.take(slot, pdu, 0.0)
    assert inbox.slots_to_delete() == [1, 2]
    national, broken = inbox.events
    assert isinstance(national, RefusedSms)
    assert national.sender == SENDER
    assert "plain text" in national.reason
    assert isinstance(broken, RefusedSms)
    let_go(inbox)
    assert inbox.slots_to_delete() == [1, 2, 3, 4]


def test_what_is_remembered_is_bounded() -> None:
    inbox = SmsInbox(bytes(32))
    for number in range(REMEMBERED + 50):
        inbox.take(None, deliver_pdu(SENDER, split_text(str(number), 1)[0], UNIX_S), 0.0)
        inbox.forget(inbox.events.pop().message_id)
    assert len(inbox._told) == len(inbox._seen) == len(inbox._owner) == REMEMBERED


@pytest.mark.parametrize("text", ["Halo", "nomor saya 0812 0000 1234"])
def test_events_show_nothing_when_printed(text: str) -> None:
    inbox = SmsInbox(bytes(32))
    inbox.take(1, encode_delivers(SENDER, text, 1, UNIX_S)[0], 0.0)
    assert text not in repr(inbox.events)
    assert "0000" not in repr(inbox.events)
    inbox.take(
        2, deliver_pdu(SENDER, UserData(True, Alphabet.GSM7, 9, b"\x03\x24\x01\x01" + bytes(4)), UNIX_S), 0
    )
    assert SENDER not in repr(inbox.events)
