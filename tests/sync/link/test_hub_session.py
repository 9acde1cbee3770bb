"""What the hub's session takes from the air, whom it answers, and what it remembers."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from link_pair import FREE_SETTINGS, GENERATION, LinkPair, key_pair

from sync.identifiers import EnvelopeId, Lane
from sync.link import hub_session
from sync.link.hearing import KnownEpoch, RadioPath
from sync.link.hub_session import HubSession
from sync.link.ranges import RangeSet
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch
from sync.wire.frame_codec import (
    DataFrame,
    DownFragmentFrame,
    DownFrame,
    EpochBlock,
    FragmentFrame,
    PollBlock,
    ReceiptFrame,
    SharedFrame,
    UnknownEpochFrame,
    UpFrame,
    decode_frame,
    encode_frame,
)

PATH = RadioPath(0, 200)
JUNK_POLL = PollBlock(1, 0, 0, 0, 0, bytes(8))


def talking_pair() -> LinkPair:
    """A pair whose hub knows the node and has opened its first envelope."""
    pair = LinkPair(seed=2)
    pair.offer(bytes(60))
    pair.run_for(60)
    assert pair.is_settled()
    return pair


def state_of(session: HubSession) -> dict[str, Any]:
    talks = {
        number: (t.path, dict(t.downs), set(t.sent), list(t.queue), t.again_at, t.retry.silent)
        for number, t in session._talks.items()
    }  # fmt: skip
    return {"talks": talks, "pieces": session._assembly.names(), "replies": dict(session._replies)}


def poll_frame(
    pair: LinkPair, keys: StaticKeys | None = None, epoch: bytes | None = None, **fields: int
) -> bytes:
    epoch = epoch or pair.sealing.id
    block = replace(PollBlock(9, GENERATION & 0xFFFF, 0, 0, 0), **fields)  # type: ignore[arg-type]
    code = (keys or pair.node_keys).poll_mac(epoch, block.signed_bytes())
    return encode_frame(DataFrame(epoch[0], (), None, replace(block, mac=code)))


def stranger(pair: LinkPair) -> StaticKeys:
    other = key_pair(random.Random(78))
    return StaticKeys(own_private=other.private, other_public=pair.hub_static.public, psk=pair.psk)


def test_a_poll_is_answered_with_what_is_held() -> None:
    pair = talking_pair()
    pair.deliver("up", poll_frame(pair))
    frame = decode_frame(pair.hub_session.frames_to_send(pair.now)[0].payload)
    assert isinstance(frame, ReceiptFrame)
    assert (frame.poll, frame.base, frame.generation) == (9, 1, None)


def test_a_poll_that_asks_for_nothing_gets_nothing() -> None:
    pair = talking_pair()
    pair.deliver("up", poll_frame(pair, poll=0))
    assert pair.hub_session.frames_to_send(pair.now) == []


@pytest.mark.parametrize("what", ["stranger", "another epoch", "damaged"])
def test_a_forged_poll_is_not_answered_and_moves_no_address(what: str) -> None:
    pair = talking_pair()
    pair.send_down(b"jawaban")
    frame = {
        "stranger": lambda: poll_frame(pair, keys=stranger(pair), down_base=1),
        "another epoch": lambda: poll_frame(pair, epoch=pair.sealing.id[:1] + bytes(7), down_base=1),
        "damaged": lambda: poll_frame(pair, down_base=1)[:-1] + b"\x00",
    }[what]()
    before = state_of(pair.hub_session)
    heard = pair.hub_session.receive_frame(frame, RadioPath(0, 666), pair.now)
    assert heard is not None
    assert heard.poll is None
    assert heard.acknowledged is None
    assert state_of(pair.hub_session) == before
    pair.hub_session.unknown(heard, pair.now)
    reply = pair.hub_session.frames_to_send(pair.now)[0]
    assert decode_frame(reply.payload) == UnknownEpochFrame(pair.sealing.id[0])  # a hint, nothing more


def test_a_piece_with_a_wrong_code_is_not_kept() -> None:
    pair = talking_pair()
    frame = FragmentFrame(pair.sealing.id[0], 1, 0, 3, bytes(50))
    wrong = encode_frame(replace(frame, mac=bytes(8)))
    pair.hub_session.receive_frame(wrong, PATH, pair.now)
    assert pair.hub_session._assembly.names() == []
    code = pair.node_keys.fragment_up_mac(pair.sealing.id, frame.signed_bytes())
    pair.hub_session.receive_frame(encode_frame(replace(frame, mac=code)), PATH, pair.now)
    assert pair.hub_session._assembly.names() == [(pair.sealing.id, 1)]


@settings(max_examples=300)
@given(payload=st.binary(max_size=300))
def test_any_bytes_are_taken_without_an_error_and_change_nothing(payload: bytes) -> None:
    pair = _TALKING[0]
    before = state_of(pair.hub_session)
    pair.hub_session.receive_frame(payload, PATH, pair.now)
    assert state_of(pair.hub_session) == before


_TALKING = [talking_pair()]


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_frame_brings_nothing(data: st.DataObject) -> None:
    pair = LinkPair(seed=2)
    pair.offer(bytes(60))
    pair.offer(bytes(700))
    pair.run_for(12)
    ups = [p for _, way, p in pair.sent if way == "up"]
    frame = bytearray(data.draw(st.sampled_from(ups)))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    opened = dict(pair.hub.opened)
    epochs = set(pair.hub.epochs)
    pair.deliver("up", bytes(frame))
    assert pair.hub.opened.keys() - opened.keys() <= pair.offered.keys()
    assert all(pair.offered[place].plain == plain for place, plain in pair.hub.opened.items())
    assert {e for e in pair.hub.epochs if pair.hub.held.get(e)} <= epochs


def test_two_nodes_whose_epochs_share_the_first_byte() -> None:
    """Each frame is tried under both epochs; a receipt is for the one whose poll it was."""
    pair = talking_pair()
    other_static, other_psk = key_pair(random.Random(5)), random.Random(6).randbytes(32)
    rng = random.Random(7)
    while True:
        other = SealingEpoch.open(
            hub_public=pair.hub_static.public,
            node_static=other_static,
            psk=other_psk,
            node_number=2,
            ephemeral_private=rng.randbytes(32),
        )
        if other.id[0] == pair.sealing.id[0]:
            break
    opening = OpeningEpoch.derive(
        other.enc, hub=pair.hub_static, node_public=other_static.public, psk=other_psk, node_number=2
    )
    hub_keys = StaticKeys(
        own_private=pair.hub_static.private, other_public=other_static.public, psk=other_psk
    )
    node_keys = StaticKeys(
        own_private=other_static.private, other_public=pair.hub_static.public, psk=other_psk
    )
    pair.hub.epochs[other.id] = KnownEpoch(other.id, 2, hub_keys, opening)

    sealed = other.seal(Lane.REPORT, b"from the second node")
    pair.deliver("up", encode_frame(DataFrame(other.id[0], ((0, sealed.ciphertext),))))
    assert pair.hub.opened[EnvelopeId(other.id, Lane.REPORT, 0)] == b"from the second node"
    mine = pair.offer(b"from the first node")
    pair.deliver("up", encode_frame(DataFrame(mine.epoch[0], ((1, pair.offered[mine].sealed),))))
    assert pair.hub.opened[mine] == b"from the first node"

    heard = pair.hub_session.receive_frame(poll_frame(pair, node_keys, other.id), RadioPath(0, 201), pair.now)
    assert heard is not None
    assert heard.poll is not None
    assert heard.poll[0].node_number == 2
    pair.hub_session.answer(heard, pair.hub.held[other.id], 0, pair.now)
    (reply,) = pair.hub_session.frames_to_send(pair.now)
    assert reply.path.number == 201
    before = pair.node.pending_count()
    assert not pair.node.receive_frame(reply.payload, 100, pair.now)  # it is not for the first node
    assert pair.node.pending_count() == before


def test_frames_that_came_before_their_key_are_parked_and_opened_by_it() -> None:
    pair = LinkPair(seed=2, bound=False)
    places = [pair.offer(bytes([n]) * 200) for n in range(3)]
    frames: list[bytes] = []
    places += [pair.offer(bytes([n]) * 40) for n in range(10)]  # so that some share a frame
    while len(frames) < 12 and pair.now < 60:
        frames += [f.payload for f in pair.node.frames_to_send(pair.now)]
        pair.now = pair.node.next_timer_at(pair.now)
    decoded = [decode_frame(f) for f in frames]
    without_key = [f for f, d in zip(frames, decoded, strict=True) if isinstance(d, UpFrame) and not d.epoch]
    assert {type(decode_frame(f)) for f in without_key} == {DataFrame, SharedFrame}
    for frame in without_key:
        pair.deliver("up", frame)
    assert pair.hub.opened == {}
    assert pair.hub_session.frames_to_send(pair.now) == []  # the last frame of the burst brings the key
    for frame in [f for f in frames if f not in without_key]:
        pair.deliver("up", frame)
    assert set(pair.hub.opened) == set(places)


def test_a_hub_that_lost_its_epochs_gets_the_key_again() -> None:
    pair = talking_pair()
    pair.hub.epochs.clear()
    pair.hub.held.clear()
    pair.hub.opened.clear()
    pair.restart_hub()
    pair.offer(bytes(50))
    pair.run(pair.is_settled, pair.now + 3600)
    assert pair.is_settled()
    pair.assert_exactly_once()


def test_junk_does_not_make_the_hub_talk() -> None:
    pair = talking_pair()
    spoken = 0
    for number in range(100):
        pair.deliver("up", encode_frame(DataFrame(number, ((0, bytes(30)),), None, JUNK_POLL)))
        spoken += len(pair.hub_session.frames_to_send(pair.now))
        pair.now += 1
    assert 0 < spoken <= 11  # one hint in ten seconds


def test_replies_that_wait_are_bounded() -> None:
    pair = talking_pair()
    for number in range(3 * hub_session.MAX_REPLIES):
        heard = pair.hub_session.receive_frame(
            encode_frame(DataFrame(1, ((0, bytes(30)),), None, JUNK_POLL)), RadioPath(7, number), pair.now
        )
        assert heard is not None
        pair.hub_session.unknown(heard, pair.now)
    assert len(pair.hub_session._replies) == hub_session.MAX_REPLIES


def test_nodes_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_session, "MAX_TALKS", 10)
    session = talking_pair().hub_session
    for number in range(50):
        session.path_known(number, RadioPath(0, number))
    assert session.path_of(49) == RadioPath(0, 49)
    assert session.path_of(1) is None


def down_counters(pair: LinkPair) -> list[int]:
    frames = [decode_frame(p) for _, way, p in pair.sent if way == "down"]
    return [f.counter for f in frames if isinstance(f, DownFrame | DownFragmentFrame)]


def test_hub_envelopes_go_down_once_where_nothing_is_lost() -> None:
    pair = talking_pair()
    for number in range(12):
        pair.send_down(bytes([number]))
    pair.run(lambda: not pair.downs)
    assert sorted(down_counters(pair)) == list(range(12))
    assert sorted(pair.arrived) == [bytes([n]) for n in range(12)]


def test_a_poll_that_crossed_an_envelope_does_not_send_it_twice() -> None:
    pair = talking_pair()
    pair.send_down(b"jawaban")
    pair.step()
    assert down_counters(pair) == [0]
    pair.deliver("up", poll_frame(pair, poll=0))  # written before the envelope arrived
    assert pair.hub_session.frames_to_send(pair.now + 1.5) == []
    assert len(pair.hub_session.frames_to_send(pair.now + 10)) == 1  # it does not name it: it was lost


def test_what_may_wait_at_a_gateway_is_not_handed_to_it_at_each_poll() -> None:
    pair = talking_pair()
    for number in range(4):
        pair.send_down(bytes([number]))
    handed = 0
    for seconds in range(0, 20, 2):
        heard = pair.hub_session.receive_frame(poll_frame(pair, poll=0), RadioPath(7, 200), pair.now)
        assert heard is not None
        handed += len(pair.hub_session.frames_for_gateway(7, pair.now))
        assert handed == 4, f"after {seconds} s"
        pair.now += 2
    pair.now += 12
    assert len(pair.hub_session.frames_for_gateway(7, pair.now)) == 4  # they were lost


def test_the_rest_of_an_envelope_that_came_another_way_is_not_sent() -> None:
    pair = talking_pair()
    pair.send_down(bytes(1500))
    pair.run(lambda: len(down_counters(pair)) == 2)
    pair.hub_session.down_arrived(1, RangeSet([(0, 1)]))
    pair.downs.clear()
    pair.run_for(30)
    assert len(down_counters(pair)) == 2
    pair.next_down = 1
    pair.send_down(b"next")
    pair.run_for(30)
    assert down_counters(pair)[2:] == [1]


def test_pieces_cut_for_larger_packets_are_cut_anew() -> None:
    pair = talking_pair()
    pair.send_down(bytes(1500))
    pair.run(lambda: len(down_counters(pair)) == 2)
    pair.limit = 219  # the pair refuses a frame above it
    pair.run(lambda: not pair.downs, pair.now + 600)
    assert pair.arrived == [bytes(1500)]


def test_a_node_that_is_off_is_tried_less_and_less() -> None:
    pair = talking_pair()
    pair.hub_is_off = True  # nothing passes the air
    pair.send_down(b"jawaban")
    pair.run_for(3600)
    assert sum(1 for _ in filter(lambda s: s[1] == "down", pair.sent)) < 30
    before = len(down_counters(pair))
    pair.run_for(86_400)
    assert len(down_counters(pair)) - before <= 100


def test_a_gateway_fetches_what_is_for_its_nodes_only() -> None:
    pair = talking_pair()
    by_gateway = RadioPath(7, 200)
    heard = pair.hub_session.receive_frame(poll_frame(pair), by_gateway, pair.now)
    assert heard is not None
    pair.hub_session.answer(heard, RangeSet([(0, 1)]), 0, pair.now)
    pair.send_down(b"jawaban")
    assert pair.hub_session.next_timer_at(pair.now) is None
    assert pair.hub_session.frames_to_send(pair.now) == []
    assert pair.hub_session.frames_for_gateway(8, pair.now) == []
    frames = pair.hub_session.frames_for_gateway(7, pair.now)
    assert [type(decode_frame(f.payload)) for f in frames] == [ReceiptFrame, DownFrame]
    assert {f.path for f in frames} == {by_gateway}


def test_a_receipt_fits_the_packet_whatever_is_held() -> None:
    pair = talking_pair()
    pair.limit = 60
    held = RangeSet([(n, n + 1) for n in range(2, 700, 2)])
    epoch = pair.hub.epochs[pair.sealing.id]
    frame = pair.hub_session.receipt_frame(epoch, held, 1, 2, knows_generation=False)
    assert len(frame) <= 60
    assert decode_frame(frame)


def test_the_epochs_of_an_epoch_block_must_fit_the_frame() -> None:
    pair = talking_pair()
    block = EpochBlock(1, pair.sealing.enc)
    wrong_tag = encode_frame(DataFrame(pair.sealing.id[0] ^ 1, ((0, bytes(30)),), block))
    heard = pair.hub_session.receive_frame(wrong_tag, PATH, pair.now)
    assert heard is not None
    assert heard.arrivals[0].candidates == ()


def test_the_budget_of_the_hub_is_kept() -> None:
    pair = LinkPair(seed=2, settings=replace(FREE_SETTINGS, duty_cycle=0.1, budget_burst_ms=2000))
    pair.run_for(60)
    for number in range(60):
        pair.send_down(bytes([number]) * 180)
    start = pair.now
    pair.run_for(600)
    used = sum(pair.airtime_ms(len(p)) for at, way, p in pair.sent if way == "down" and at >= start)
    assert used < 2000 + 60_000 + 2500


# -- frames under one code ----------------------------------------------------------------------------


def shared_frame(pair: LinkPair) -> tuple[bytes, list[EnvelopeId]]:
    """A frame with two envelopes and no poll, as the node sends it."""
    places = [pair.offer(bytes([n]) * 40) for n in (1, 2)]
    frame: bytes = pair.node.frames_to_send(pair.now)[0].payload
    assert isinstance(decode_frame(frame), SharedFrame)
    return frame, places


def test_a_shared_frame_brings_each_envelope_as_it_was_sealed() -> None:
    pair = talking_pair()
    frame, places = shared_frame(pair)
    heard = pair.hub_session.receive_frame(frame, PATH, pair.now)
    assert heard is not None
    assert [(a.counter, a.sealed) for a in heard.arrivals] == [
        (p.counter, pair.offered[p].sealed) for p in places
    ]
    alone = sum(len(pair.offered[p].sealed) + 3 for p in places)
    assert len(frame) == alone + 2 * 1 - 2 + 8 - 2 * 8  # a length each, one head less, one code for two tags


@pytest.mark.parametrize("place", range(90))
def test_a_shared_frame_that_was_changed_anywhere_brings_nothing(place: int) -> None:
    pair = talking_pair()
    frame, _ = shared_frame(pair)
    for bit in (0x01, 0x80):
        changed = bytearray(frame)
        if place >= len(frame):
            return
        changed[place] ^= bit
        heard = pair.hub_session.receive_frame(bytes(changed), PATH, pair.now)
        assert heard is None or not heard.arrivals


def test_the_thief_of_a_card_cannot_change_what_an_earlier_start_sealed() -> None:
    """The static keys alone make the code, but it covers tags that nobody without the chain can know."""
    pair = talking_pair()
    place = pair.offer(bytes(40))
    sealed = pair.offered[place].sealed
    changed = bytes([sealed[0] ^ 1]) + sealed[1:]
    code = pair.node_keys.shared_mac(pair.sealing.id, b"", [(place.counter, changed)])
    forged = SharedFrame(pair.sealing.id[0], ((place.counter, changed[:-8]),), code)
    heard = pair.hub_session.receive_frame(encode_frame(forged), PATH, pair.now)
    assert heard is not None
    assert heard.arrivals == ()
    genuine = pair.node_keys.shared_mac(pair.sealing.id, b"", [(place.counter, sealed)])
    heard = pair.hub_session.receive_frame(
        encode_frame(SharedFrame(pair.sealing.id[0], ((place.counter, sealed[:-8]),), genuine)),
        PATH,
        pair.now,
    )
    assert heard is not None
    assert len(heard.arrivals) == 1


# -- receipts that are owed unasked -------------------------------------------------------------------


def test_the_end_of_a_burst_earns_a_receipt_though_its_last_frame_is_lost() -> None:
    pair = talking_pair()
    for n in range(6):
        pair.offer(bytes([n]) * 150)
    frames: list[bytes] = []
    while len(frames) < 6:
        frames += [f.payload for f in pair.node.frames_to_send(pair.now)]
        pair.now = pair.node.next_timer_at(pair.now)
    start = pair.now
    pair.deliver("up", frames[1])
    assert pair.hub_session.owed(pair.now) == []
    due = pair.hub_session.next_timer_at(pair.now)
    assert due is not None
    turn_s = pair.airtime_ms(231) / 1000 + pair.settings.gap_s
    assert due - start == pytest.approx(4 * turn_s + pair.settings.quiet_margin_s)
    (owed,) = pair.hub_session.owed(due)
    pair.hub_session.give(owed, pair.hub.held[pair.sealing.id], due)
    (frame,) = pair.hub_session.frames_to_send(due)
    receipt = decode_frame(frame.payload)
    assert isinstance(receipt, ReceiptFrame)
    assert receipt.poll is None
    waiting = pair.node.pending_count()
    pair.node.receive_frame(frame.payload, 100, due)
    assert pair.node.pending_count() == waiting - 1


def test_copies_earn_no_receipt() -> None:
    pair = talking_pair()
    frame, _ = shared_frame(pair)
    pair.deliver("up", frame)
    (owed,) = pair.hub_session.owed(pair.now)
    pair.hub_session.give(owed, pair.hub.held[pair.sealing.id], pair.now)
    pair.hub_session.frames_to_send(pair.now)
    for _ in range(20):
        pair.now += 10
        pair.deliver("up", frame)
        assert pair.hub_session.owed(pair.now) == []


def test_what_a_burst_lacked_is_said_again_a_bounded_number_of_times() -> None:
    pair = talking_pair()
    for n in range(3):
        pair.offer(bytes([n]) * 150)
    frames: list[bytes] = []
    while len(frames) < 3:
        frames += [f.payload for f in pair.node.frames_to_send(pair.now)]
        pair.now = pair.node.next_timer_at(pair.now)
    newest = max(frames, key=lambda f: decode_frame(f).envelopes[-1][0])  # type: ignore[union-attr]
    pair.deliver("up", newest)  # the others were lost, and the hub sees the gap
    given = 0
    for _ in range(100):
        for owed in pair.hub_session.owed(pair.now):
            pair.hub_session.give(owed, pair.hub.held[pair.sealing.id], pair.now)
            given += 1
        pair.now += 1
    assert given == 1 + pair.settings.receipt_repeats
