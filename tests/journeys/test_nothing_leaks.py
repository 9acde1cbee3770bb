"""The node's folder tells nothing: not as plain text, and not to somebody who holds every key in it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import run, sample_lines, scene

from sync.errors import MalformedWire, SealBroken
from sync.identifiers import EnvelopeId, Lane, epoch_id
from sync.sealing.derivation import expand, open_ccm
from sync.sealing.downlink import StaticKeys
from sync.sealing.enrolment import Enrolment
from sync.sealing.epoch import OpeningEpoch
from sync.sealing.receipt_code import ReceiptKeys, receipt_salt
from sync.wire.control_records import AnswerRecord, decode_down
from sync.wire.frame_blocks import TAG_BYTES
from sync.wire.frame_codec import DataFrame, DownFrame, FragmentFrame, SharedFrame, decode_frame

pytestmark = pytest.mark.slow
MIN_LETTERS = 5
"""A shorter word turns up in random bytes by chance."""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            # Codes from the contract are no words of a person.
            if key not in (
                "kind",
                "channel",
                "urgency",
                "relation",
                "job",
                "indicators",
                "place",
                "language",
            ):
                yield from _texts(part)


def _words(reports: list[dict[str, Any]]) -> set[bytes]:
    words: set[bytes] = set()
    for report in reports:
        for text in _texts(report):
            words |= {w.encode() for w in re.findall(r"\w+", text) if len(w) >= MIN_LETTERS}
            words |= {p.strip().encode() for p in re.findall(r"[+\d][\d \-]{6,}\d", text)}
    return words


def _bytes_of(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_socket())


def test_no_word_of_any_report_lies_in_the_folder(tmp_path: Path) -> None:
    lines = sample_lines()
    temporary = tmp_path / "node" / "tmp"
    with scene(tmp_path) as village:
        # What stands in a folder that never saw a report is no leak.
        run("node", "status", str(village.node_folder))
        temporary.mkdir()
        untouched = _bytes_of(village.node_folder)
        village.start_node(env={"TMPDIR": str(temporary)})
        filed = village.file(lines)
        codes = {reply["receipt"].encode() for reply in filed.values()}
        before_end = _bytes_of(village.node_folder)
        assert village.node is not None
        village.node.kill()
        after_kill = _bytes_of(village.node_folder)
        village.start_node(env={"TMPDIR": str(temporary)})
        village.node.stop()
        after_end = _bytes_of(village.node_folder)
        logs = (tmp_path / "node.log").read_bytes()

    secret = _words([line["report"] for line in lines]) | codes
    assert len(secret) > 2000
    known = {
        word for word in secret if word in untouched or word in b"kentongan: the village site is open at"
    }
    assert len(known) < 15, known
    for everything in (before_end, after_kill, after_end, logs):
        found = {word for word in secret - known if word in everything}
        assert not found, f"{len(found)} words lie there in clear"


class _Thief:
    """Holds the whole card and every frame that was on the air, and tries what they allow."""

    def __init__(self, folder: Path, frames: list[bytes]) -> None:
        self.enrolment = Enrolment.from_text((folder / "enrolment.json").read_text())
        self.static = bytes.fromhex(json.loads((folder / "node.key").read_text())["x25519"])
        self.everything = _bytes_of(folder)
        self.frames = [decode_frame(frame) for frame in frames]
        card = sqlite3.connect(folder / "node.sqlite3")
        self.envelopes = [
            (EnvelopeId(epoch, Lane(lane), counter), sealed)
            for epoch, lane, counter, sealed in card.execute(
                "SELECT epoch, lane, counter, sealed FROM envelope"
            )
        ]
        self.encs = [row[0] for row in card.execute("SELECT enc FROM epoch")]
        self.answers = card.execute("SELECT generation, counter, find, sealed FROM answer").fetchall()
        self.generations = [row[0] for row in card.execute("SELECT generation FROM down_seen")]
        card.close()

    def sealed_reports(self) -> list[tuple[EnvelopeId, bytes]]:
        """Every envelope: on the card and, whole, on the air. A tag left off there is taken from the card."""
        by_tag = {epoch_id(enc)[0]: epoch_id(enc) for enc in self.encs}
        card = dict(self.envelopes)
        heard = []
        for f in self.frames:
            if not isinstance(f, DataFrame | SharedFrame) or f.epoch_tag not in by_tag:
                continue
            for counter, sealed in f.envelopes:
                place = EnvelopeId(by_tag[f.epoch_tag], Lane.REPORT, counter)
                tag = card[place][-TAG_BYTES:] if isinstance(f, SharedFrame) else b""
                heard.append((place, sealed + tag))
        return self.envelopes + heard

    def candidates(self) -> Iterator[bytes]:
        """Every 32 bytes that stand anywhere on the card, as they are and as text."""
        yield from {self.everything[i : i + 32] for i in range(len(self.everything) - 31)}
        for text in re.findall(rb"[0-9a-f]{64}", self.everything):
            yield bytes.fromhex(text.decode())
        yield self.static
        yield self.enrolment.psk

    def opens(self, key: bytes, place: EnvelopeId, sealed: bytes) -> bool:
        """Try a key as message key, chain key of this counter, and for the first as its epoch's secret."""
        lane = bytes([int(place.lane)])
        header = bytes([1]) + place.epoch + lane + place.counter.to_bytes(4, "big")
        message_keys = [key, expand(key, "message")]
        if place.counter == 0:
            message_keys.append(expand(expand(key, "lane", context=lane), "message"))
        for message_key in message_keys:
            try:
                open_ccm(expand(message_key, "key", 16), expand(message_key, "nonce", 13), sealed, header)
            except SealBroken:
                continue
            return True
        return False


def test_the_thief_of_the_card_and_the_air_opens_nothing(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        node_radio, hub_radio = village.start_air("--seed", "2")
        village.start_hub("--radio", hub_radio)
        village.start_node("--radio", node_radio)
        filed = village.file(sample_lines(10))
        village.wait_for(set(filed))
        chosen = next(iter(filed))
        text = "Datang ke kantor hari Senin."
        run("hub", "answer", str(village.hub_folder), chosen, text)
        code = filed[chosen]["receipt"]
        receipt = village.wait_for_step(code, "received")
        for _ in range(100):
            receipt = json.loads(run("node", "receipt", str(village.node_folder), code, "--json").stdout)
            if receipt["answers"]:
                break
        assert village.node is not None
        village.node.kill()
        frames = [
            bytes.fromhex(json.loads(line)["payload"]) for line in village.frame_log.read_text().splitlines()
        ]
    thief = _Thief(village.node_folder, frames)
    assert receipt["answers"][0]["text"] == text
    assert len(thief.envelopes) >= 10
    assert len(thief.sealed_reports()) > len(thief.envelopes)
    assert len(thief.answers) == 1
    assert any(isinstance(f, DownFrame) for f in thief.frames)
    assert not any(isinstance(f, FragmentFrame) and len(f.data) == 0 for f in thief.frames)

    # The control: the attack itself works. With the chain key that the node erased, it opens.
    place, sealed = thief.envelopes[0]
    hub_private = bytes.fromhex(json.loads((village.hub_folder / "hub.key").read_text())["x25519"])
    assert _with_hub_key(thief, hub_private, place, sealed)

    # 1. Nothing that stands on the card is a key of any envelope.
    targets = thief.sealed_reports()
    first = {place.counter: (place, sealed) for place, sealed in targets}
    for key in thief.candidates():
        for place, sealed in (first[0], first[1]):
            assert not thief.opens(key, place, sealed)
    # 2. Acting as the hub with the node's own keys derives another chain.
    for enc in thief.encs:
        for private in (thief.static, thief.enrolment.psk):
            assert not _opens_as_hub(thief, private, enc, targets)
    # 3. The outer seal of an answer opens to the thief, who then has the reporter's sealed text only.
    keys = StaticKeys(
        own_private=thief.static, other_public=thief.enrolment.hub_public, psk=thief.enrolment.psk
    )
    outer = [
        _outer(keys, generation, f)
        for f in thief.frames
        if isinstance(f, DownFrame)
        for generation in thief.generations
    ]
    answers = [record for record in outer if isinstance(record, AnswerRecord)]
    assert answers
    for record in answers:
        assert text.encode() not in record.sealed_text
        for guess in ("0000000000000000", *(filed[name]["receipt"] for name in filed if name != chosen)):
            with pytest.raises(SealBroken):
                ReceiptKeys(guess, receipt_salt(thief.enrolment.psk)).open_answer(
                    thief.answers[0][0], thief.answers[0][1], record.sealed_text
                )
    opened = ReceiptKeys(code, receipt_salt(thief.enrolment.psk)).open_answer(
        thief.answers[0][0], thief.answers[0][1], bytes(thief.answers[0][3])
    )
    assert opened.decode() == text


def _outer(keys: StaticKeys, generation: int, frame: DownFrame) -> object:
    try:
        return decode_down(keys.open_down(generation, frame.counter, frame.sealed))
    except (SealBroken, MalformedWire):
        return None


def _with_hub_key(thief: _Thief, hub_private: bytes, place: EnvelopeId, sealed: bytes) -> bool:
    return any(_opens_as_hub(thief, hub_private, enc, [(place, sealed)]) for enc in thief.encs)


def _opens_as_hub(thief: _Thief, private: bytes, enc: bytes, targets: list[tuple[EnvelopeId, bytes]]) -> bool:
    from sync.sealing.derivation import KeyPair

    public = KeyPair.from_private(thief.static).public
    opening = OpeningEpoch.derive(
        enc,
        hub=KeyPair.from_private(private),
        node_public=public,
        psk=thief.enrolment.psk,
        node_number=thief.enrolment.node_number,
    )
    for place, sealed in targets:
        try:
            opening.open(place.lane, place.counter, sealed)
        except SealBroken:
            continue
        return True
    return False
