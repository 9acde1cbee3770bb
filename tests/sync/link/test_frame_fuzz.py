"""Junk against every reader, in short; `scripts/fuzz-frames` runs a million."""

from __future__ import annotations

import random

import pytest
from frame_fuzz import WEIGHTS, Broken, Fuzz, Junk, pieces, state_of
from link_pair import HUB_RADIO, LinkPair

from sync.link.hub_session import HubSession
from sync.link.node_session import NodeSession
from sync.wire.frame_codec import ReceiptFrame, decode_frame


def test_no_junk_changes_anything_and_no_replay_lasts() -> None:
    result = Fuzz(7).run(2_000)
    assert result.frames == 2_000
    assert set(result.by_target) == set(WEIGHTS)
    assert result.authentic > 100
    assert result.readable > 200
    assert max(result.largest_state.values()) < 40_000


def test_a_run_can_be_repeated() -> None:
    first, again = Fuzz(3), Fuzz(3)
    for fuzz in (first, again):
        fuzz.run(150)
    assert first.result.by_target == again.result.by_target
    assert first.rng.random() == again.rng.random()


def test_what_is_authentic_is_told_from_what_looks_like_it() -> None:
    pair = LinkPair(seed=5)
    pair.offer(bytes(60))
    pair.offer(bytes(900))
    pair.send_down(bytes(500))
    pair.run_for(120)
    authentic = set().union(*map(pieces, pair.frames))
    junk = Junk(random.Random(1))
    for frame in pair.frames:
        assert pieces(frame) <= authentic
        if isinstance(decode_frame(frame), ReceiptFrame):
            assert not pieces(frame[:-9] + bytes([frame[-9] ^ 1]) + frame[-8:]) & authentic
    assert not pieces(junk.random_bytes()) & authentic


# The run is worth something only if it sees what is wrong: sessions that believe too much are caught.


def test_a_node_that_believes_a_stranger_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = NodeSession.receive_frame

    def credulous(self: NodeSession, payload: bytes, source: int, now: float) -> bool:
        taken = honest(self, payload, source, now)
        self.peer = source
        return taken

    monkeypatch.setattr(NodeSession, "receive_frame", credulous)
    with pytest.raises(Broken, match="a node changed"):
        Fuzz(1).run(2_000)


def test_a_hub_that_remembers_strangers_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = HubSession.receive_frame

    def gossiping(self: HubSession, payload: bytes, path: object, now: float) -> object:
        self.__dict__.setdefault("strangers", []).append(payload)
        return honest(self, payload, path, now)  # type: ignore[arg-type]

    monkeypatch.setattr(HubSession, "receive_frame", gossiping)
    with pytest.raises(Broken, match="the hub changed"):
        Fuzz(1).run(2_000)


def test_a_state_is_all_that_hangs_on_a_session() -> None:
    pair = LinkPair(seed=2)
    before = state_of(pair.node)
    assert state_of(pair.node) == before
    pair.offer(b"laporan")
    offered = state_of(pair.node)
    assert offered != before
    pair.node.peer = HUB_RADIO
    assert state_of(pair.node) != offered
