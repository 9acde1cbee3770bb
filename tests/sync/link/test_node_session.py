"""What the node's session takes from the air, and what it does not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from link_pair import FREE_SETTINGS, GENERATION, HUB_RADIO, HUB_UNIX_S, LinkPair, key_pair

from sync.identifiers import BROADCAST
from sync.link.events import DownArrived, GenerationSeen, Held, HubTime
from sync.link.ranges import RangeSet
from sync.sealing.downlink import StaticKeys
from sync.wire.frame_codec import (
    DataFrame,
    DownFragmentFrame,
    DownFrame,
    PartialReceipt,
    PollBlock,
    ReceiptFrame,
    UnknownEpochFrame,
    decode_frame,
    encode_frame,
)


def state_of(pair: LinkPair) -> dict[str, Any]:
    """All that a frame could change, in a form that compares."""
    node = pair.node
    epochs = {
        e.id: (
            sorted((c, p.sent_in, frozenset(p.unsent_pieces)) for c, p in e.pending.items()),
            (e.confirmed, e.verify, e.ask_again, e.deadline, e.awaited_poll, e.unasked_frames),
        )
        for e in node._epochs.values()
    }
    return {
        "epochs": epochs,
        "down": node._down_seen.ranges(),
        "pieces": node._down_pieces.names(),
        "plain": (node.peer, node._generation, node._bound, node._heard, node._ack_at, node._beacon_at),
        "retry": (node._retry.silent, node._retry._smoothed_s),
        "polls": dict(node._polls),
        "plan": list(node._plan),
    }


def asked_pair() -> LinkPair:
    """A pair whose node has asked a question that the hub has not answered yet."""
    pair = LinkPair(seed=2, settings=replace(FREE_SETTINGS, ask_time_every_s=0))
    pair.offer(bytes(60))
    pair.run_for(30)
    assert pair.receipted
    pair.hub_is_off = True
    pair.offer(bytes(60))
    pair.offer(bytes(700))
    pair.run_for(1)
    pair.run(lambda: pair.node._epochs[pair.sealing.id[0]].deadline is not None)
    return pair


def running(pair: LinkPair) -> Any:
    return pair.node._epochs[pair.sealing.id[0]]


def receipt(
    pair: LinkPair,
    *,
    keys: StaticKeys | None = None,
    generation: int = GENERATION,
    epoch: bytes | None = None,
    named: int | None = None,
    **changes: Any,
) -> bytes:
    """A receipt for all, echoing the open poll; authentic unless told otherwise."""
    epoch = epoch or pair.sealing.id
    frame = ReceiptFrame(pair.sealing.id[0], running(pair).awaited_poll, HUB_UNIX_S, 3, b"", named)
    frame = replace(frame, **changes)
    code = (keys or pair.hub_keys).receipt_mac(generation, epoch, frame.signed_bytes())
    return encode_frame(replace(frame, mac=code))


def stranger(pair: LinkPair) -> StaticKeys:
    other = key_pair(random.Random(77))
    return StaticKeys(own_private=other.private, other_public=pair.node_static.public, psk=pair.psk)


def test_an_authentic_receipt_is_taken() -> None:
    pair = asked_pair()
    assert pair.node.receive_frame(receipt(pair), HUB_RADIO, pair.now)
    assert pair.node.pending_count() == 0


FORGED: dict[str, Callable[[LinkPair], bytes]] = {
    "another hub": lambda p: receipt(p, keys=stranger(p)),
    "an old generation": lambda p: receipt(p, generation=GENERATION - 1, named=GENERATION - 1),
    "an old generation that is not named": lambda p: receipt(p, generation=GENERATION - 1),
    "a newer generation under old keys": lambda p: receipt(p, named=GENERATION + 1),
    "another epoch of the same first byte": lambda p: receipt(p, epoch=p.sealing.id[:1] + bytes(7)),
    "an epoch that is not here": lambda p: receipt(p, epoch_tag=p.sealing.id[0] ^ 1),
    "a receipt without its code": lambda p: receipt(p)[:-8],
    "a poll of its own": lambda p: encode_frame(
        DataFrame(p.sealing.id[0], (), None, p.node.claim(p.sealing.id, p.now, asks=False))
    ),
    "a hub envelope of another hub": lambda p: encode_frame(
        DownFrame(0, stranger(p).seal_down(GENERATION, 0, b"x"), None)
    ),
    "a hub envelope of an old generation": lambda p: encode_frame(
        DownFrame(0, p.hub_keys.seal_down(GENERATION - 1, 0, b"x"), GENERATION - 1)
    ),
    "a hub envelope of generation 0": lambda p: encode_frame(
        DownFrame(0, p.hub_keys.seal_down(0, 0, b"x"), 0)
    ),
    "a hub envelope under another counter": lambda p: encode_frame(
        DownFrame(1, p.hub_keys.seal_down(GENERATION, 0, b"x"), None)
    ),
    "a piece with a wrong code": lambda p: encode_frame(DownFragmentFrame(0, 0, 1, b"x", None, bytes(8))),
    "a piece of an old generation": lambda p: encode_frame(
        replace(
            piece := DownFragmentFrame(0, 0, 1, b"x", GENERATION - 1),
            mac=p.hub_keys.fragment_down_mac(GENERATION - 1, piece.signed_bytes()),
        )
    ),
    "a hint about an epoch that is not here": lambda p: encode_frame(UnknownEpochFrame(p.sealing.id[0] ^ 1)),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_or_foreign_frame_changes_nothing(what: str) -> None:
    pair = asked_pair()
    frame = FORGED[what](pair)
    before = state_of(pair)
    assert not pair.node.receive_frame(frame, 666, pair.now)
    assert state_of(pair) == before
    assert pair.node.next_event() is None


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_frame_changes_nothing(data: st.DataObject) -> None:
    pair = asked_pair()
    sealed = pair.hub_keys.seal_down(GENERATION, 0, b"jawaban")
    piece = DownFragmentFrame(1, 0, 1, bytes(20), None)
    mac = pair.hub_keys.fragment_down_mac(GENERATION, piece.signed_bytes())
    frames = [
        receipt(pair),
        receipt(pair, named=GENERATION),
        encode_frame(DownFrame(0, sealed, None)),
        encode_frame(replace(piece, mac=mac)),
    ]
    frame = bytearray(data.draw(st.sampled_from(frames)))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] ^= data.draw(st.integers(1, 255))
    if frame[0] >> 3 & 7 == 6 or bytes(frame) in frames:
        return  # it became a hint, which is not authenticated (see below)
    before = state_of(pair)
    assert not pair.node.receive_frame(bytes(frame), 666, pair.now)
    assert state_of(pair) == before


@given(st.binary(max_size=300))
def test_any_bytes_are_taken_without_an_error(payload: bytes) -> None:
    pair = asked_pair_once()
    pair.node.receive_frame(payload, 1, pair.now)


_ASKED: list[LinkPair] = []


def asked_pair_once() -> LinkPair:
    if not _ASKED:
        _ASKED.append(asked_pair())
    return _ASKED[0]


def test_a_second_copy_of_a_receipt_ends_no_wait_and_leads_nowhere() -> None:
    pair = asked_pair()
    old = next(p for _, way, p in pair.sent if way == "down" and isinstance(decode_frame(p), ReceiptFrame))
    before = state_of(pair)
    pair.node.receive_frame(old, 666, pair.now)  # a copy of the first question's receipt, from elsewhere
    assert state_of(pair) == before
    events = []
    while (event := pair.node.next_event()) is not None:
        events.append(event)
    assert not any(isinstance(event, HubTime) for event in events)
    assert running(pair).deadline is not None
    pair.hub_is_off = False
    pair.run(pair.is_settled, pair.now + 300)
    assert pair.is_settled()


def test_pieces_are_wanted_again_though_the_hub_speaks_of_an_envelope_that_is_no_longer_sent() -> None:
    """Else they would wait for a turn that never comes, and the node would ask for ever."""
    pair = asked_pair()
    large = running(pair).pending[2]
    large.unsent_pieces.clear()
    stale = PartialReceipt(57, 9, b"\x80\x00")
    assert pair.node.receive_frame(receipt(pair, base=2, partial=stale), HUB_RADIO, pair.now)
    assert large.unsent_pieces == set(range(large.pieces.last + 1))


def test_pieces_wait_for_their_turn_while_the_hub_speaks_of_others_that_are_sent() -> None:
    pair = asked_pair()
    pair.offer(bytes(700))
    pair.run(lambda: 3 in running(pair).pending and running(pair).pending[3].sent_in is not None)
    pair.run(lambda: running(pair).deadline is not None)
    first, second = running(pair).pending[2], running(pair).pending[3]
    partial = PartialReceipt(2, first.pieces.last, b"\xe0")
    before = set(second.unsent_pieces)
    assert pair.node.receive_frame(receipt(pair, base=2, partial=partial), HUB_RADIO, pair.now)
    assert first.unsent_pieces == {3}
    assert second.unsent_pieces == before


def test_a_late_receipt_of_an_earlier_question_does_not_end_the_wait_for_the_last_one() -> None:
    pair = asked_pair()
    earlier = receipt(pair, base=2)
    pair.run(lambda: len(pair.silences) == 1)
    pair.run(lambda: running(pair).deadline is not None)
    deadline = running(pair).deadline
    assert pair.node.receive_frame(earlier, HUB_RADIO, pair.now)
    assert running(pair).deadline == deadline  # the later question is still open
    assert pair.node.pending_count() == 1  # and what it tells is taken


def test_a_hint_leaves_no_frame_planned_for_keys_of_another_size() -> None:
    """The keys of all epochs grow when the hub seems to have lost the node's own."""
    pair = LinkPair(seed=1, bound=False)
    old = pair.sealing.id
    pair.restart_node()
    pair.node._bound = True
    for _ in range(30):
        pair.offer(bytes(140))
    pair.run(lambda: len(pair.node._plan) == 1)  # the last one carries the key and the poll
    pair.node._epochs[old[0]].confirmed = True
    pair.node._epochs[old[0]].deadline = pair.now + 5
    assert pair.node.receive_frame(encode_frame(UnknownEpochFrame(old[0])), 666, pair.now)
    pair.run_for(60)  # the pair refuses a frame above the limit


def test_a_silence_in_mid_burst_leaves_no_frame_planned_that_has_no_room_for_the_key() -> None:
    """A wait of before may run out while urgent ones are on their way; then the key rides along again."""
    pair = LinkPair(seed=1, settings=replace(FREE_SETTINGS, ask_time_every_s=0))
    pair.offer(bytes(60))
    pair.run_for(30)
    assert running(pair).confirmed
    pair.hub_is_off = True
    for _ in range(3):
        pair.offer(bytes(190), urgent=True)
    pair.run(lambda: len(pair.node._plan) == 1)
    assert pair.node._plan[0].polls
    pair.node._retry.silent = pair.settings.silent_before_broadcast - 1
    running(pair).deadline = pair.now
    pair.run_for(60)  # the pair refuses a frame above the limit
    assert not running(pair).confirmed


def test_a_hint_is_believed_only_while_an_answer_is_awaited_and_once() -> None:
    hint = encode_frame(UnknownEpochFrame(asked_pair().sealing.id[0]))
    quiet = LinkPair(seed=2)
    quiet.run_for(60)
    before = state_of(quiet)
    assert not quiet.node.receive_frame(hint, 666, quiet.now)
    assert state_of(quiet) == before

    pair = asked_pair()
    pending = pair.node.pending_count()
    assert pair.node.receive_frame(hint, 666, pair.now)
    assert not running(pair).confirmed
    assert pair.node.pending_count() == pending  # nothing is lost or sent again for it
    before = state_of(pair)
    assert not pair.node.receive_frame(hint, 666, pair.now)
    assert state_of(pair) == before
    sent = pair.frames[len(pair.frames) :] + pair.run_for(3)
    frames = [decode_frame(payload) for payload in sent]
    assert [bool(f.epoch) for f in frames if isinstance(f, DataFrame)] == [True]  # the key goes once


def test_hub_time_counts_only_in_the_echo_of_a_poll_of_this_start() -> None:
    pair = asked_pair()
    poll = running(pair).awaited_poll
    unasked = next(n for n in (poll + 1, poll + 2) if n not in pair.node._polls)
    for number in (0, unasked):
        pair.node.receive_frame(receipt(pair, poll=number, base=0), HUB_RADIO, pair.now)
    assert not any(isinstance(e, HubTime) for e in drain(pair))
    pair.node.receive_frame(receipt(pair, base=0), HUB_RADIO, pair.now)
    times = [e for e in drain(pair) if isinstance(e, HubTime)]
    assert [t.unix_s for t in times] == [HUB_UNIX_S]
    assert times[0].asked_at < times[0].heard_at == pair.now
    pair.node.receive_frame(receipt(pair, poll=poll, hub_time_s=5, base=0), HUB_RADIO, pair.now)
    assert not any(isinstance(e, HubTime) for e in drain(pair))


def drain(pair: LinkPair) -> list[Any]:
    events = []
    while (event := pair.node.next_event()) is not None:
        events.append(event)
    return events


def test_the_boots_first_poll_brings_the_time_though_nothing_waits() -> None:
    pair = LinkPair(seed=1)
    pair.run_for(20)
    assert len(pair.hub_times) == 1


def test_a_beacon_that_is_lost_is_repeated_a_few_times() -> None:
    pair = LinkPair(seed=1)
    pair.hub_is_off = True
    assert len(pair.run_for(3600)) == 3
    assert pair.silences == [1, 2, 3]


def test_the_address_of_the_hub_is_learned_and_given_up_after_silence() -> None:
    pair = LinkPair(seed=1)
    assert pair.node.peer == BROADCAST
    pair.run_for(20)
    assert pair.node.peer == HUB_RADIO
    pair.hub_is_off = True
    pair.offer(bytes(10))
    pair.run_for(600)
    assert pair.node.peer == BROADCAST


def test_a_newer_generation_is_taken_from_an_authentic_receipt() -> None:
    pair = asked_pair()
    frame = receipt(pair, generation=GENERATION + 5, named=GENERATION + 5, base=0)
    assert pair.node.receive_frame(frame, HUB_RADIO, pair.now)
    events = drain(pair)
    assert GenerationSeen(GENERATION + 5) in events
    held = next(e for e in events if isinstance(e, Held))
    assert held.generation == GENERATION + 5
    assert not pair.node.receive_frame(receipt(pair), HUB_RADIO, pair.now)  # the old one is over


def test_a_generation_that_the_hub_wrongly_takes_for_known_is_asked_for_by_name() -> None:
    pair = LinkPair(seed=4)
    pair.run_for(30)
    pair.hub.generation += 0x10000  # the same low 16 bits
    pair.hub_session = pair.new_hub_session()
    pair.offer(bytes(40))
    pair.run(pair.is_settled, pair.now + 2000)
    assert pair.is_settled()


def test_a_generation_with_low_bits_of_zero_is_refused() -> None:
    pair = LinkPair(seed=4)
    pair.hub.generation = 0x7000_0000
    with pytest.raises(ValueError):
        pair.new_hub_session()


def test_a_hub_envelope_is_handed_over_until_it_is_stored_and_then_only_acknowledged() -> None:
    pair = asked_pair()
    frame = encode_frame(DownFrame(0, pair.hub_keys.seal_down(GENERATION, 0, b"a"), None))
    for _ in range(2):  # the owner has not committed the first one
        assert pair.node.receive_frame(frame, HUB_RADIO, pair.now)
        assert drain(pair) == [DownArrived(GENERATION, 0, b"a")]
    pair.node.down_stored(GENERATION, 0, pair.now)
    pair.node.receive_frame(frame, HUB_RADIO, pair.now)
    assert drain(pair) == []
    assert pair.node.claim(pair.sealing.id, pair.now).down_base == 1


def test_copies_of_a_hub_envelope_earn_one_acknowledgement_in_ten_seconds() -> None:
    """At each one the hub may hand its window to a gateway anew: answered one by one, they never end."""
    pair = LinkPair(seed=2)
    pair.offer(bytes(60))
    pair.run_for(60)
    frame = encode_frame(DownFrame(0, pair.hub_keys.seal_down(GENERATION, 0, b"a"), None))
    pair.node.receive_frame(frame, HUB_RADIO, pair.now)
    pair.node.down_stored(GENERATION, 0, pair.now)
    said_at = []
    for tenth in range(300):
        now = pair.now + tenth / 10
        if tenth % 10 == 0:
            pair.node.receive_frame(frame, HUB_RADIO, now)
        said_at += [tenth / 10 for _ in pair.node.frames_to_send(now)]
    assert said_at == pytest.approx([1.5, 11.5, 21.5], abs=0.3)


def test_an_envelope_that_another_carrier_brought_is_not_sent() -> None:
    pair = LinkPair(seed=1)
    places = [pair.offer(bytes(100)) for _ in range(40)]
    pair.step()
    for place in places:
        pair.node.withdraw(place)
    pair.run_for(60)
    data = [f for f in map(decode_frame, pair.frames[1:]) if isinstance(f, DataFrame)]
    assert not any(f.envelopes for f in data)


@pytest.mark.parametrize("verify", [False, True])
def test_of_an_ended_epoch_that_is_backed_up_nothing_is_sent_or_asked(verify: bool) -> None:
    """The hub may have destroyed its key, and would answer no question."""
    pair = LinkPair(seed=1)
    places = [pair.offer(bytes(100)) for _ in range(5)]
    ended = pair.sealing.id
    pair.sealing = pair.new_epoch()
    pair.node.add_epoch(pair.sealing.id, pair.blocks[pair.sealing.id], opened_at=pair.now)
    while not pair.node._epochs[ended[0]].deadline:
        pair.step()
    pair.node.withdraw_below(ended, places[-1].counter, verify=False)
    assert list(pair.node._epochs[ended[0]].pending) == [places[-1].counter]
    pair.node.withdraw_below(ended, places[-1].counter + 1, verify=verify)
    epoch = pair.node._epochs[ended[0]]
    assert not epoch.pending
    assert (epoch.deadline is None) is not verify
    assert not epoch.must_ask()


def test_withdrawing_thousands_does_not_exhaust_the_stack() -> None:
    pair = LinkPair(seed=1)
    pair.node._heard = True
    places = []
    for _ in range(100):
        places += [pair.offer(bytes(220)) for _ in range(16)]
        pair.sealing = pair.new_epoch()
        pair.node.add_epoch(pair.sealing.id, pair.blocks[pair.sealing.id], opened_at=pair.now)
    pair.step()
    for place in places:
        pair.node.withdraw(place)
    pair.run_for(5)


def test_an_envelope_that_is_here_stays_as_it_is() -> None:
    pair = LinkPair(seed=1)
    place = pair.offer(bytes(10), urgent=True)
    pair.node.offer(place, b"other", urgent=False, due_at=1e9)
    assert running(pair).pending[place.counter].urgent


def test_two_epochs_of_a_node_must_differ_in_their_first_byte() -> None:
    pair = LinkPair(seed=1)
    twin = pair.sealing.id[:1] + bytes(7)
    with pytest.raises(ValueError):
        pair.node.add_epoch(twin, pair.blocks[pair.sealing.id], opened_at=None)


def test_a_settled_epoch_can_be_dropped_but_not_the_running_one() -> None:
    pair = LinkPair(seed=1)
    old = pair.sealing.id
    pair.restart_node()
    pair.node.drop_epoch(old)
    pair.node.drop_epoch(pair.sealing.id)
    assert set(pair.node._epochs) == {pair.sealing.id[0]}


def test_a_claim_says_what_came_down() -> None:
    pair = LinkPair(seed=1)
    pair.node.generation_known(7)
    for counter in (0, 1, 3, 9):
        pair.node.down_stored(7, counter, 0.0)
    claim = pair.node.claim(pair.sealing.id, 90.0)
    assert claim == PollBlock(claim.poll, 7, 90, 2, 0b1000_0010, claim.mac)
    assert pair.hub_keys.poll_fits(pair.sealing.id, claim.signed_bytes(), claim.mac)


def test_poll_numbers_go_round_without_zero() -> None:
    pair = LinkPair(seed=1)
    pair.node._next_poll = 0xFFFF
    polls = [pair.node.claim(pair.sealing.id, 0.0).poll for _ in range(3)]
    assert polls == [0xFFFF, 1, 2]


def test_a_receipt_that_another_carrier_asked_for_gives_time_but_ends_no_wait_on_the_radio() -> None:
    pair = asked_pair()
    claim = pair.node.claim(pair.sealing.id, pair.now)
    pair.node.asked(claim, pair.sealing.id, pair.now)
    deadline = running(pair).deadline
    pair.node.receive_frame(receipt(pair, poll=claim.poll, base=1), BROADCAST, pair.now)
    assert any(isinstance(e, HubTime) for e in drain(pair))
    assert running(pair).deadline == deadline
    assert pair.node.pending_count() == 2
    assert pair.node.peer == HUB_RADIO


def test_a_new_session_says_what_it_has_of_the_hub() -> None:
    pair = LinkPair(seed=1)
    pair.send_down(b"a")
    pair.run(lambda: not pair.downs)
    pair.restart_node()
    assert pair.node.claim(pair.sealing.id, pair.now).down_base == 1
    assert pair.down_seen[GENERATION] == RangeSet([(0, 1)])
