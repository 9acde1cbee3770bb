"""A node with internet passes on what it hears for the hub, and what the hub answers. It opens nothing."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable

from sync.carriers.https import HubClient
from sync.errors import MalformedWire
from sync.link.air_queue import AirQueue
from sync.link.events import OutgoingFrame
from sync.sealing.derivation import mac_matches
from sync.sealing.downlink import StaticKeys
from sync.wire.bundle_codec import (
    GATEWAY_NONCE_BYTES,
    GatewayBundle,
    decode_gateway_bundle,
    encode_gateway_bundle,
)
from sync.wire.numbers import BundleKind

MAX_WAITING = 256
"""Frames that wait for the internet; older ones are dropped, as the air would: their senders repeat."""


class Gateway:
    """Queues of both ways. Threads may share it."""

    def __init__(self, *, node_number: int, keys: Callable[[], StaticKeys], client: HubClient) -> None:
        self._node_number = node_number
        self._keys = keys
        self._client = client
        self._heard: deque[tuple[int, bytes]] = deque(maxlen=MAX_WAITING)
        self._lock = threading.Lock()
        self._to_air = AirQueue()
        self.wake = threading.Event()
        """Set when a frame was heard; whoever calls `exchange` clears it before."""

    def heard(self, payload: bytes, source: int) -> None:
        """Take a frame from the air for the hub."""
        with self._lock:
            self._heard.append((source, payload))
        self.wake.set()

    def next_for_air(self) -> OutgoingFrame | None:
        """Return a frame that the hub wants sent, or None."""
        with self._lock:
            return self._to_air.next()

    def exchange(self) -> int:
        """Pass on what was heard and fetch what should be sent; return how many frames came.

        Raises CarrierError; what was heard is then tried again.
        """
        with self._lock:
            frames = tuple(self._heard)
        bundle = GatewayBundle(
            BundleKind.GATEWAY_UP, self._node_number, secrets.token_bytes(GATEWAY_NONCE_BYTES), frames
        )
        keys = self._keys()
        code = keys.gateway_mac(up=True, body=bundle.signed_bytes())
        signed = GatewayBundle(bundle.kind, bundle.gateway_number, bundle.nonce, frames, code)
        reply = decode_gateway_bundle(
            self._client.frames(encode_gateway_bundle(signed)), BundleKind.GATEWAY_DOWN
        )
        expected = keys.gateway_mac(up=False, body=reply.signed_bytes())
        if reply.nonce != bundle.nonce or not mac_matches(expected, reply.mac):
            raise MalformedWire("the answer is not the hub's")
        passed_on = {id(frame) for frame in frames}
        with self._lock:
            while self._heard and id(self._heard[0]) in passed_on:
                self._heard.popleft()
            for number, payload in reply.frames:
                self._to_air.put(OutgoingFrame(payload, number))
        return len(reply.frames)
