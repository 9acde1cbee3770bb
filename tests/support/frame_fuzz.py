"""Junk for everything that reads bytes from outside: random, damaged, spliced, replayed, of other epochs.

`scripts/fuzz-frames` runs a million; the suite runs some thousand. Nothing here knows the private names of
what it tests: a state is everything that hangs on an object, walked in a fixed order.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import os
import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from link_pair import HUB_RADIO, NODE_RADIO, LinkPair

from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.radio_session import RadioSession, RadioSettings
from firmware_bridge.stream_framing import encode_frame as stream_frame
from sync.errors import MalformedWire
from sync.link.events import DownArrived, GenerationSeen, HubTime
from sync.link.hearing import RadioPath
from sync.link.ranges import RangeSet
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch
from sync.wire.bundle_codec import (
    decode_down_bundle,
    decode_gateway_bundle,
    decode_up_bundle,
    encode_down_bundle,
    encode_gateway_bundle,
    encode_up_bundle,
)
from sync.wire.control_records import decode_down, decode_up_control, split_age
from sync.wire.frame_codec import DownFrame, UnknownEpochFrame, decode_frame, encode_frame
from sync.wire.numbers import BundleKind
from sync.wire.report_codec import decode_report, encode_report
from sync.wire.text_models import DENSE

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
FRAMES_A_STATE = 4_000
"""After so many frames the sessions are put into another state."""
DENSE_EVERY = 500
"""Reading a report of the dense model takes a tenth of a second: one in so many."""
WEIGHTS = {"node": 34, "hub": 34, "frames": 18, "bundles": 4, "records": 4, "reports": 2, "radio": 4}


class Broken(AssertionError):
    """A promise did not hold; says which, with the bytes that did it."""


# -- states -----------------------------------------------------------------------------------------

_PLAIN = frozenset((bytes, int, float, str, bool, type(None)))
_LEFT_OUT = (random.Random, OpeningEpoch, StaticKeys)


def values_of(thing: Any) -> list[Any]:
    """Return every plain value that hangs on an object, in a fixed order.

    Left out: keys and what is derived from them on the way (bounded, by tests of their own), chance,
    functions, and the test's own stores.
    """
    found: list[Any] = []
    _gather(thing, found, set())
    return found


def _gather(thing: Any, found: list[Any], seen: set[int]) -> None:
    if type(thing) in _PLAIN:
        found.append(thing)
        return
    if isinstance(thing, enum.Enum | bytearray):
        found.append(thing.name if isinstance(thing, enum.Enum) else bytes(thing))
        return
    if id(thing) in seen or isinstance(thing, _LEFT_OUT) or callable(thing):
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        found.append(len(thing))
        for key, value in thing.items():
            _gather(key, found, seen)
            _gather(value, found, seen)
    elif isinstance(thing, list | tuple | deque):
        found.append(len(thing))
        for part in thing:
            _gather(part, found, seen)
    elif isinstance(thing, set | frozenset):
        found.extend(sorted(map(repr, thing)))
    elif type(thing).__module__.startswith(("sync.", "firmware_bridge.")):
        for name, value in vars(thing).items():
            found.append(name)
            _gather(value, found, seen)


def state_of(thing: Any) -> int:
    """Return a hash of all that hangs on an object."""
    return hash(tuple(values_of(thing)))


def size_of(thing: Any) -> int:
    """Return how many plain values hang on an object, bytes counted by length."""
    return sum(len(v) if isinstance(v, bytes | str) else 1 for v in values_of(thing))


def resident_kb() -> int:
    """Return the memory of this process in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * (os.sysconf("SC_PAGESIZE") // 1024)


# -- what is authentic ------------------------------------------------------------------------------


def pieces(payload: bytes) -> set[Any]:
    """Return what of a frame could be authentic by itself: each part that has its own code."""
    try:
        frame = decode_frame(payload)
    except MalformedWire:
        return set()
    found: set[Any] = set()
    if isinstance(frame, DownFrame):
        found.add(("down", frame.counter, frame.sealed))
    for counter, sealed in getattr(frame, "envelopes", ()):
        found.add((getattr(frame, "epoch_tag", None), counter, sealed))
    parts: list[Any] = [frame, getattr(frame, "poll", None)]
    for part in parts:
        if getattr(part, "mac", b""):
            signed = getattr(part, "signed_bytes", None)
            if signed is not None:
                found.add((type(part).__name__, signed(), part.mac))
            else:
                rest = [(f.name, getattr(part, f.name)) for f in dataclasses.fields(part)]
                found.add((type(part).__name__, repr([one for one in rest if one[0] != "epoch"])))
    return found


def is_hint(payload: bytes) -> bool:
    """Whether this is an unknown-epoch frame: the one kind that nothing authenticates."""
    try:
        return isinstance(decode_frame(payload), UnknownEpochFrame)
    except MalformedWire:
        return False


# -- junk -------------------------------------------------------------------------------------------


class Junk:
    """Makes bytes out of valid ones. Everything follows from the seed."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def random_bytes(self) -> bytes:
        rng = self.rng
        return rng.randbytes(rng.choice((0, 1, 2, 8, 20, 60, 120, 231, 240, 300)))

    def headed(self, corpus: Sequence[bytes]) -> bytes:
        """Random bytes behind the head of something valid."""
        return self.rng.choice(corpus)[: self.rng.randint(1, 12)] + self.random_bytes()

    def damaged(self, data: bytes, corpus: Sequence[bytes]) -> bytes:
        rng, out = self.rng, bytearray(data)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(out) + 1)
            match rng.randrange(6):
                case 0 if at < len(out):
                    out[at] ^= 1 << rng.randrange(8)
                case 1:
                    del out[at:]
                case 2:
                    out += rng.randbytes(rng.randint(1, 30))
                case 3:
                    other = rng.choice(corpus)
                    out[at:] = other[rng.randrange(len(other) + 1) :]
                case 4:
                    del out[at : at + rng.randint(1, 4)]
                case _:
                    out[at:at] = rng.randbytes(rng.randint(1, 4))
        return bytes(out)

    def rewritten(self, data: bytes) -> bytes:
        """A frame in its right form with fields of another value: what gets past the reading."""
        try:
            frame = decode_frame(data)
            return encode_frame(self._changed(frame))
        except (MalformedWire, ValueError, TypeError, OverflowError):
            return data[::-1]

    def _changed(self, part: Any) -> Any:
        rng = self.rng
        changes = {}
        for entry in dataclasses.fields(part):
            value = getattr(part, entry.name)
            if rng.random() < 0.4:
                changes[entry.name] = self._other(value)
        return dataclasses.replace(part, **changes)

    def _other(self, value: Any) -> Any:
        rng = self.rng
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return rng.choice(
                (0, 1, value + 1, max(0, value - 1), value ^ 0x80, 255, 4096, 65_535, 2**20, 2**32)
            )
        if isinstance(value, bytes):
            other = bytearray(value)
            if other:
                other[rng.randrange(len(other))] ^= 1 << rng.randrange(8)
            return bytes(other)
        if isinstance(value, tuple):
            return tuple(
                (counter + rng.randrange(3), self._other(sealed))
                for counter, sealed in value[: rng.randint(0, 4)]
            )
        return self._changed(value) if dataclasses.is_dataclass(value) else value

    def frame(self, own: list[bytes], foreign: list[bytes]) -> bytes:
        """Return one frame: about a tenth are replays, a tenth are whole frames of others."""
        corpus = own if self.rng.random() < 0.8 else foreign
        match self.rng.randrange(10):
            case 0:
                return self.random_bytes()
            case 1:
                return self.headed(corpus)
            case 2:
                return self.rng.choice(own)
            case 3:
                return self.rng.choice(foreign)
            case 4 | 5 | 6:
                return self.rewritten(self.rng.choice(corpus))
            case _:
                return self.damaged(
                    self.rng.choice(corpus), own + foreign if self.rng.random() < 0.1 else corpus
                )


# -- the run ----------------------------------------------------------------------------------------


@dataclass
class Result:
    """What a run did."""

    frames: int = 0
    by_target: Counter[str] = field(default_factory=Counter)
    authentic: int = 0
    states: int = 0
    readable: int = 0
    largest_state: dict[str, int] = field(default_factory=dict)
    resident_kb: list[int] = field(default_factory=list)


class Fuzz:
    """Runs junk against every reader. Raises Broken at the first promise that does not hold."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.junk = Junk(self.rng)
        self.result = Result()
        self._bundles = [
            bytes.fromhex(v["hex"]) for v in json.loads((VECTORS / "bundles.json").read_text("utf-8"))
        ]
        self._frames = [
            bytes.fromhex(v["hex"]) for v in json.loads((VECTORS / "frames.json").read_text("utf-8"))
        ]
        vectors = json.loads((VECTORS / "reports.json").read_text("utf-8"))
        wires = [(v["text_model"], bytes.fromhex(v["hex"])) for v in vectors if len(v["hex"]) < 1000]
        self._reports = [wire for number, wire in wires if number != DENSE]
        self._dense = [wire for number, wire in wires if number == DENSE]
        decode_report(self._dense[0])  # its data stay loaded: memory is compared from here on
        sealing = json.loads((VECTORS / "sealing.json").read_text("utf-8"))
        self._records = [bytes.fromhex(v["hex"]) for v in sealing if "hex" in v]
        self._radio = RadioSession(RadioSettings(), 0.0)
        self._streams = radio_streams()
        self._read = 0
        self._targets: dict[str, Callable[[], None]] = {
            "node": self._node,
            "hub": self._hub,
            "frames": self._frame_codec,
            "bundles": self._bundle_codecs,
            "records": self._record_codecs,
            "reports": self._report_codec,
            "radio": self._radio_bytes,
        }

    def run(self, frames: int, progress: Callable[[int], None] | None = None) -> Result:
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        quarter = max(1, frames // 4)
        for number in range(frames):
            if number % FRAMES_A_STATE == 0:
                self._new_state()
            if number % quarter == 0:
                self.result.resident_kb.append(resident_kb())
            target = self.rng.choices(names, weights)[0]
            self._targets[target]()
            self.result.frames += 1
            self.result.by_target[target] += 1
            if progress is not None:
                progress(number + 1)
        self.result.resident_kb.append(resident_kb())
        return self.result

    def _new_state(self) -> None:
        """Take a conversation somewhere in its middle, and another one's frames."""
        rng = self.rng
        self.result.states += 1
        foreign = self._conversation(rng)
        self._foreign = foreign.frames[-200:] + self._frames
        self.pair = self._conversation(rng)
        self._own = self.pair.frames[-300:] or self._frames
        self._authentic: set[Any] = set().union(*map(pieces, self.pair.frames))
        self._node_state = state_of(self.pair.node)
        self._hub_state = state_of(self.pair.hub_session)
        self._known = set(self.pair.hub.epochs)

    @staticmethod
    def _conversation(rng: random.Random) -> LinkPair:
        pair = LinkPair(
            seed=rng.getrandbits(32),
            loss=rng.choice((0.0, 0.3, 0.5)),
            duplicate=0.1,
            limit=rng.choice((219, 231)),
            bound=rng.random() < 0.5,
        )
        for _ in range(rng.randint(3, 12)):
            pair.offer(rng.randbytes(rng.choice((40, 90, 150, 700))), urgent=rng.random() < 0.2)
        for _ in range(rng.randint(1, 4)):
            pair.send_down(rng.randbytes(rng.choice((20, 90, 500))))
        pair.run_for(rng.choice((20, 60, 300, 2_000)))
        if rng.random() < 0.3:
            pair.restart_node()
            pair.offer(rng.randbytes(60))
            pair.run_for(30)
        if rng.random() < 0.3:
            pair.restart_hub()
            pair.run_for(rng.choice((5, 400)))
        return pair

    def _fail(self, what: str, data: bytes) -> None:
        raise Broken(f"{what}; seed {self.seed}, frame {self.result.frames}: {data.hex()}")

    # -- sessions ---------------------------------------------------------------------------------

    def _lasting(self) -> tuple[Any, ...]:
        """Return what of a node must outlive any replay."""
        node, pair = self.pair.node, self.pair
        claim = node.claim(pair.sealing.id, pair.now, asks=False)
        return node.pending_count(), node.peer, claim.generation_tag, claim.down_base, claim.down_bitmap

    def _node(self) -> None:
        payload = self.junk.frame(self._own, self._foreign)
        is_authentic = bool(pieces(payload) & self._authentic)
        pair = self.pair
        before = self._lasting()
        taken = pair.node.receive_frame(payload, self.rng.choice((HUB_RADIO, 7)), pair.now)
        events = []
        while (event := pair.node.next_event()) is not None:
            events.append(event)
        after = state_of(pair.node)
        if is_authentic:
            self.result.authentic += 1
            self._check_replay(payload, before, events)
        elif after != self._node_state or taken or events:
            if not is_hint(payload):
                self._fail("a node changed, by what is not authentic", payload)
            if self._lasting() != before:
                self._fail("a hint changed more than a question", payload)
        self._node_state = state_of(pair.node)
        self._measure("node", pair.node)

    def _check_replay(self, payload: bytes, before: tuple[Any, ...], events: list[Any]) -> None:
        """A copy may bring what was lost before; it must never take back or repeat."""
        pair = self.pair
        pending, _, tag, base, _ = self._lasting()
        if pending > before[0]:
            self._fail("a replay made something wait again", payload)
        if tag == before[2] and base < before[3]:
            self._fail("a replay made a node forget a hub envelope", payload)
        for event in events:
            if isinstance(event, DownArrived):
                seen = pair.down_seen.setdefault(event.generation, RangeSet())
                if not seen.add(event.counter):
                    self._fail("a replay brought a hub envelope twice", payload)
                pair.node.down_stored(event.generation, event.counter, pair.now)
            elif isinstance(event, GenerationSeen) and event.generation > pair.hub.generation:
                self._fail("a generation that no hub drew", payload)
            elif isinstance(event, HubTime):
                if event in pair.hub_times:
                    self._fail("a replay told the time again", payload)
                pair.hub_times.append(event)

    def _hub(self) -> None:
        payload = self.junk.frame(self._own, self._foreign)
        is_authentic = bool(pieces(payload) & self._authentic)
        pair = self.pair
        opened = dict(pair.hub.opened) if is_authentic else {}
        heard = pair.hub_session.receive_frame(payload, RadioPath(0, NODE_RADIO), pair.now)
        after = state_of(pair.hub_session)
        if is_authentic:
            self.result.authentic += 1
        elif after != self._hub_state:
            self._fail("the hub changed, by what is not authentic", payload)
        elif heard is not None and (heard.poll is not None or heard.acknowledged is not None):
            self._fail("the hub took a question that nobody asked", payload)
        if is_authentic or self.rng.random() < 0.25:
            pair.deliver("up", payload)  # what the hub's program does with it: open, park, hint, answer
            after = state_of(pair.hub_session)
        if any(pair.hub.opened[place] != plain for place, plain in opened.items()) or pair.hub.stored_twice:
            self._fail("a replay changed what is stored", payload)
        # Junk may name the tag of what was parked before it, so that more is open now; but nothing else.
        for place, plain in pair.hub.opened.items():
            if place not in pair.offered or pair.offered[place].plain != plain:
                self._fail("the hub opened what nobody sealed", payload)
        self._hub_state = after
        for name in [name for name in pair.hub.epochs if name not in self._known][:-32]:
            del pair.hub.epochs[name]  # the test's store has no bound of its own
        self._measure("hub", pair.hub_session)

    def _measure(self, name: str, thing: Any) -> None:
        if self.rng.random() < 0.02:
            largest = self.result.largest_state
            largest[name] = max(largest.get(name, 0), size_of(thing))

    # -- codecs -----------------------------------------------------------------------------------

    def _frame_codec(self) -> None:
        data = self.junk.frame(self._frames, self._own)
        try:
            frame = decode_frame(data)
        except MalformedWire:
            return
        self.result.readable += 1
        if encode_frame(frame) != data:
            self._fail("a frame that was read is written differently", data)

    def _bundle_codecs(self) -> None:
        data = self.rng.choice(self._bundles)
        if self.rng.random() < 0.9:
            data = self.junk.damaged(data[: max(1, len(data.rstrip(b"\x00")) - 34)], self._bundles)
            if self.rng.random() < 0.8:  # with the right hash, so that the inside is read
                data += bytes([data_end(self._bundles[0]), 32]) + hashlib.sha256(data).digest()
        readers: list[tuple[Callable[[bytes], Any], Callable[[Any], bytes]]] = [
            (decode_up_bundle, encode_up_bundle),
            (decode_down_bundle, encode_down_bundle),
            (lambda d: decode_gateway_bundle(d, BundleKind.GATEWAY_UP), encode_gateway_bundle),
            (lambda d: decode_gateway_bundle(d, BundleKind.GATEWAY_DOWN), encode_gateway_bundle),
        ]
        for decode, encode in readers:
            try:
                bundle = decode(data)
            except MalformedWire:
                continue
            self.result.readable += 1
            encode(bundle)

    def _record_codecs(self) -> None:
        data = self.junk.damaged(self.rng.choice(self._records), self._records)
        readers: list[Callable[[bytes], Any]] = [
            decode_up_control,
            decode_down,
            split_age,
            RangeSet.from_bytes,
        ]
        for decode in readers:
            try:
                decode(data)
                self.result.readable += 1
            except MalformedWire:
                continue

    def _report_codec(self) -> None:
        self._read += 1
        corpus = self._dense if self._read % DENSE_EVERY == 0 else self._reports
        data = self.junk.damaged(self.rng.choice(corpus), corpus)
        if data and data[0] & 0x0F == DENSE and corpus is not self._dense:
            return
        try:
            report = decode_report(data)
        except MalformedWire:
            return
        self.result.readable += 1
        if data[0] & 0x0F != DENSE and decode_report(encode_report(report)) != report:
            self._fail("a report that was read does not come back", data)

    # -- the radio's stream -----------------------------------------------------------------------

    def _radio_bytes(self) -> None:
        rng = self.rng
        data = rng.choice(self._streams)
        if rng.random() < 0.7:
            data = self.junk.damaged(data, self._streams)
        self._radio.take_bytes(data, float(self.result.frames))
        self._radio.heard.clear()
        self._radio.outgoing.clear()
        self._measure("radio", self._radio)


def data_end(bundle: bytes) -> int:
    """Return the number of the section that ends a bundle."""
    return bundle[-34]


def radio_streams() -> list[bytes]:
    """Return framed messages of every kind that a radio sends, and log text."""
    packet = mesh_pb2.MeshPacket(id=5, decoded=mesh_pb2.Data(portnum=300, payload=b"frame"), rx_rssi=-90)
    setattr(packet, "from", 9)
    messages = [
        mesh_pb2.FromRadio(packet=packet),
        mesh_pb2.FromRadio(queueStatus=mesh_pb2.QueueStatus(free=3, mesh_packet_id=5, res=9)),
        mesh_pb2.FromRadio(my_info=mesh_pb2.MyNodeInfo(my_node_num=77)),
        mesh_pb2.FromRadio(config_complete_id=69420),
        mesh_pb2.FromRadio(rebooted=True),
    ]
    channel = mesh_pb2.FromRadio()
    channel.channel.index = 1
    channel.channel.settings.name = "serial"
    lora = mesh_pb2.FromRadio()
    lora.config.lora.region = 1
    framed = [stream_frame(m.SerializeToString()) for m in [*messages, channel, lora]]
    return [*framed, b"INFO | text of a log\r\n", b"\x94\xc3\xff\xff", b"\x94\xc3\x00\x00"]
