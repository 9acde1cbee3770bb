"""A gateway passes frames on and loses none that it did not pass on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from village import OTHER_VILLAGE, VILLAGE, Region, answers, reached

from sync.carriers.https import HubClient
from sync.errors import CarrierError, MalformedWire
from sync.wire.bundle_codec import decode_gateway_bundle
from sync.wire.frame_codec import is_for_the_hub
from sync.wire.numbers import BundleKind
from village_node import gateway as gateway_module
from village_node.gateway import Gateway
from village_node.wiring import Node

FAR_RADIO = 0x0BADCAFE


class HubOverFlask(HubClient):
    """The hub's real site, without a socket between."""

    def __init__(self, app: Flask) -> None:
        super().__init__("http://127.0.0.1:1")
        self.client: FlaskClient = app.test_client()
        self.down: Exception | None = None
        self.sent: list[bytes] = []
        self.before_answer: Callable[[], None] = lambda: None

    def _post(self, path: str, body: bytes) -> bytes:
        if self.down is not None:
            raise self.down
        self.sent.append(body)
        response = self.client.post(path, data=body)
        self.before_answer()
        if response.status_code != 200:
            raise CarrierError(f"status {response.status_code}")
        return bytes(response.data)


def make_gateway(region: Region, village: str = VILLAGE) -> tuple[Gateway, HubOverFlask]:
    node = region.node(village)
    client = HubOverFlask(region.hub.create_app())
    number = node.store.identity.enrolment.node_number
    return Gateway(node_number=number, keys=node.hub_keys.to_hub, client=client), client


def bind(region: Region, village: str = VILLAGE) -> None:
    """The gateway's own node has spoken to the hub before."""
    region.exchange(village)


def pass_frames(far: Node, gateway: Gateway, region: Region, *, for_s: float = 900.0) -> None:
    """Let a node without internet and a gateway hear each other without loss: every two seconds, every ten
    where all have been silent for half a minute."""
    until = region.clock.monotonic_s() + for_s
    silent_turns = 0
    while region.clock.monotonic_s() < until:
        silent_turns += 1
        for frame in far.desk.due_frames():
            gateway.heard(frame.payload, FAR_RADIO)
            silent_turns = 0
        gateway.exchange()
        while (relayed := gateway.next_for_air()) is not None:
            assert relayed.to == FAR_RADIO
            far.desk.hear(relayed.payload, 0x00000001)
            silent_turns = 0
        region.clock.advance(2 if silent_turns < 15 else 10)


def test_a_village_without_internet_speaks_to_the_hub_and_back(region: Region) -> None:
    gateway, client = make_gateway(region)
    bind(region)
    far = region.node(OTHER_VILLAGE)
    taken = region.file("dari jauh", OTHER_VILLAGE)
    pass_frames(far, gateway, region)
    assert region.stories() == ["dari jauh"]
    assert "received" in reached(far, taken.code)
    assert taken.envelope_id is not None
    region.hub.store.work.show_report(taken.envelope_id, by="sari")
    region.hub.store.work.answer(taken.envelope_id, "Kami tahu.", asks=False, by="sari")
    pass_frames(far, gateway, region, for_s=1800)
    assert answers(far, taken.code) == ["Kami tahu."]
    assert "read" in reached(far, taken.code)
    assert region.hub.store.outgoing.waiting() == []
    assert all(b"dari jauh" not in body for body in client.sent)


def test_what_waits_for_the_air_is_replaced_and_does_not_pile_up(region: Region) -> None:
    gateway, _ = make_gateway(region)
    bind(region)
    far = region.node(OTHER_VILLAGE)
    taken = region.file("dari jauh", OTHER_VILLAGE)
    pass_frames(far, gateway, region, for_s=60)
    assert taken.envelope_id is not None
    region.hub.store.work.show_report(taken.envelope_id, by="sari")
    fetched = 0
    for _ in range(60):  # for ten minutes the channel is never free
        fetched += gateway.exchange()
        region.clock.advance(10)
    assert fetched > 3
    waiting = []
    while (frame := gateway.next_for_air()) is not None:
        waiting.append(frame.payload)
    assert len(waiting) == len(set(waiting)) == len(region.hub.store.outgoing.waiting())


def test_a_gateway_that_never_spoke_to_the_hub_is_refused_and_keeps_its_frames(region: Region) -> None:
    gateway, client = make_gateway(region)
    region.hub.create_app()
    gateway.heard(b"\x00\x01frame", FAR_RADIO)
    with pytest.raises(CarrierError, match="403"):
        gateway.exchange()
    bind(region)
    gateway.exchange()
    assert b"frame" in client.sent[-1]


class TestFailures:
    @pytest.mark.parametrize("error", [CarrierError("down"), MalformedWire("nonsense")])
    def test_what_was_not_passed_on_is_passed_on_later(self, region: Region, error: Exception) -> None:
        gateway, client = make_gateway(region)
        bind(region)
        client.down = error
        for number in range(3):
            gateway.heard(bytes([0, 1, number]), FAR_RADIO)
        with pytest.raises(type(error)):
            gateway.exchange()
        client.down = None
        gateway.heard(bytes([0, 1, 3]), FAR_RADIO)
        gateway.exchange()
        sent = decode_gateway_bundle(client.sent[-1], BundleKind.GATEWAY_UP)
        assert [payload[2] for _, payload in sent.frames] == [0, 1, 2, 3]
        gateway.exchange()
        assert decode_gateway_bundle(client.sent[-1], BundleKind.GATEWAY_UP).frames == ()

    def test_what_is_heard_during_an_exchange_goes_with_the_next_even_when_the_queue_is_full(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gateway_module, "MAX_WAITING", 4)
        gateway, client = make_gateway(region)
        bind(region)
        for number in range(4):
            gateway.heard(bytes([0, 1, number]), FAR_RADIO)
        late = [9, 10]

        def hear_more() -> None:
            while late:
                gateway.heard(bytes([0, 1, late.pop(0)]), FAR_RADIO)

        client.before_answer = hear_more
        gateway.exchange()
        gateway.exchange()
        frames = decode_gateway_bundle(client.sent[-1], BundleKind.GATEWAY_UP).frames
        assert [payload[2] for _, payload in frames] == [9, 10]

    def test_an_answer_of_somebody_else_passes_nothing_on(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gateway, client = make_gateway(region)
        bind(region)
        replies: list[bytes] = []
        post = client._post

        def replayed(path: str, body: bytes) -> bytes:
            replies.append(post(path, body))
            return replies[0]

        monkeypatch.setattr(client, "_post", replayed)
        gateway.exchange()
        gateway.heard(b"\x00\x01x", FAR_RADIO)
        with pytest.raises(MalformedWire, match="not the hub"):
            gateway.exchange()
        monkeypatch.setattr(client, "_post", post)
        gateway.exchange()
        assert b"\x00\x01x" in client.sent[-1]

    def test_a_flood_from_the_air_is_bounded(self, region: Region) -> None:
        gateway, client = make_gateway(region)
        bind(region)

        def flood() -> None:
            for _ in range(500):
                gateway.heard(b"\x00\x01y", 5)

        threads = [threading.Thread(target=flood) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gateway.exchange()
        frames = decode_gateway_bundle(client.sent[-1], BundleKind.GATEWAY_UP).frames
        assert len(frames) == gateway_module.MAX_WAITING


def test_only_frames_for_the_hub_are_taken_for_it(region: Region) -> None:
    region.file()
    up = [frame.payload for frame in region.node().desk.due_frames()]
    assert up
    assert all(is_for_the_hub(payload) for payload in up)
    region.talk_by_radio(for_s=60)
    assert not is_for_the_hub(b"")
    assert not is_for_the_hub(b"\xff\xff\xff")
