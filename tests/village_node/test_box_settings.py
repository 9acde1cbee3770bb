"""What the hub sets at a box is tried first, and goes back by itself, whatever the power does."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.clock import ManualClock
from sync.identifiers import EnvelopeId, Lane
from sync.sealing.signing import sign
from sync.storage.writer import StorageError
from sync.wire.box_settings import SettingsHeld, encode_values
from sync.wire.control_records import SignedSetting, decode_up_control
from sync.wire.numbers import BoxSetting, SettingsState
from sync.wire.settings_records import SETTING_LABEL, BoxSettings, encode_setting
from village_node.box_settings import FIRST_LOOK_S, LOOK_EVERY_S, SETTLE_S, START_COUNTS_S, RunningSettings
from village_node.config import NodeConfig

PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
OWN = NodeConfig(Path("box"), hub_url="https://hub.example")
SPARING = {BoxSetting.AIRTIME_PERMILLE: 20, BoxSetting.GATEWAY: 0}
OTHER_URL = {BoxSetting.HUB_URL: "https://other.example"}
HOUR_S = 3600


def signed(
    serial: int, values: dict[BoxSetting, Any] | bytes, *, node: int = 7, hours: int = 12, generation: int = 1
) -> SignedSetting:
    body = values if isinstance(values, bytes) else encode_values(values)
    record = BoxSettings(node, generation, serial, hours, body)
    return SignedSetting(sign(PRIVATE, SETTING_LABEL, encode_setting(record)))


class Card:
    """What stands on a card, as `NodeLog` keeps it; a write may be the last one before the power goes."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.writes_left = -1
        self.waiting: set[str] = set()

    def text(self, key: str) -> str | None:
        return self.texts.get(key)

    def number(self, key: str, default: int = 0) -> int:
        return int(self.texts.get(key, default))

    def set_number(self, key: str, value: int) -> None:
        self.set_texts({key: str(value)})

    def set_texts(self, texts: dict[str, str | None]) -> None:
        if self.writes_left == 0:
            raise StorageError("the power is off")
        self.writes_left -= 1
        kept = {**self.texts, **texts}
        self.texts = {key: value for key, value in kept.items() if value is not None}

    def waits(self, place: str | None) -> bool:
        return place in self.waiting


class Box:
    """A box with its card; `said` is what the hub may hear of it."""

    def __init__(self) -> None:
        self.card, self.clock = Card(), ManualClock(monotonic_s=50.0, wall_s=1_800_000_000.0)
        self.said: list[SettingsHeld] = []
        self.ran: NodeConfig
        self.start()

    def start(self) -> None:
        self.running = RunningSettings(
            self.card,  # type: ignore[arg-type]
            self.clock,
            hub_signing_public=PUBLIC,
            node_number=7,
            runs=True,
        )
        self.ran = self.running.begin(OWN)
        self.running.on_change = self.start

    def send(self, record: bytes, keep: Any) -> None:
        place = EnvelopeId(b"e" * 8, Lane.REPORT, len(self.said) + 1)
        keep(place)
        held = decode_up_control(record)
        assert isinstance(held, SettingsHeld)
        self.said.append(held)
        self.card.waiting.add(str(place))

    def run(self, hours: float = 0.2, *, hears: bool = False) -> None:
        """Let time pass in a few steps; `hears`: what waits is receipted."""
        steps = 3 if hours < 4 else round(hours)
        for _ in range(steps):
            self.clock.advance(hours * HOUR_S / steps)
            if hears:
                self.card.waiting.clear()
                self.running.reached_by_internet(object())
            self.running.turn(self.send)

    def take(self, record: SignedSetting) -> None:
        self.running.take_setting(record)

    @property
    def states(self) -> list[SettingsState]:
        return [held.state for held in self.said]


def test_a_set_is_tried_and_kept_when_the_hub_has_answered_under_it() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    assert box.ran == OWN
    box.clock.advance(SETTLE_S)
    box.running.turn(box.send)
    assert (box.ran.duty_cycle, box.ran.gateway) == (0.02, False)
    box.run()
    assert box.running.status()["state"] == "probation"
    box.run(hears=True)
    assert box.states == [SettingsState.ON_PROBATION, SettingsState.KEPT]
    assert box.running.status()["state"] == "kept"
    box.start()
    assert box.ran.duty_cycle == 0.02


@pytest.mark.parametrize(
    ("values", "more"), [(SPARING, [SettingsState.KEPT]), (OTHER_URL, [])], ids=["same address", "another"]
)
def test_any_receipt_keeps_a_set_but_one_with_another_address_needs_the_internet(
    values: dict[BoxSetting, Any], more: list[SettingsState]
) -> None:
    box = Box()
    box.take(signed(1, values))
    box.run()
    box.card.waiting.clear()  # by radio or a courier
    box.run()
    assert box.states == [SettingsState.ON_PROBATION, *more]


def test_it_looks_again_and_again_until_the_box_closes_whatever_a_turn_says() -> None:
    box, closing = Box(), threading.Event()
    turns: list[float] = []

    def turn(send: object) -> None:
        turns.append(box.clock.monotonic_s())
        if len(turns) == 3:
            closing.set()
        raise StorageError("the card is full")

    box.running.turn = turn  # type: ignore[method-assign]
    began = box.clock.monotonic_s()
    box.running.run(closing, box.send)
    first = began + FIRST_LOOK_S
    assert turns == [first, first + LOOK_EVERY_S, first + 2 * LOOK_EVERY_S]


def test_without_an_answer_it_goes_back_by_itself_and_says_so() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    box.run(13)
    assert box.ran == OWN
    box.run()
    assert box.states == [SettingsState.ON_PROBATION, SettingsState.WENT_BACK]
    assert box.running.status() == {"state": "own", "hours_left": None, "values": {}, "ended": "went_back"}


def test_what_was_kept_before_runs_again() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    box.run(1, hears=True)
    box.take(signed(2, {BoxSetting.AIRTIME_PERMILLE: 50}))
    box.run(13)
    assert box.ran.duty_cycle == 0.02
    box.run()
    assert box.states[-1] is SettingsState.WENT_BACK


def test_power_cuts_and_a_clock_that_jumps_do_not_begin_the_probation_anew() -> None:
    box = Box()
    box.take(signed(1, SPARING, hours=24))
    box.run(0.2)
    for hour in range(24):
        assert box.ran.duty_cycle == 0.02, f"went back after {hour} hours"
        box.run(0.5)
        box.clock.jump_wall(-10 * 365 * 86_400 if hour % 2 else 10 * 365 * 86_400)
        box.start()
    box.run(2)
    box.run(12)
    assert box.ran == OWN


def test_a_set_under_which_the_program_never_gets_anywhere_ends_by_starts_alone() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    starts = 0
    box.start()
    while box.ran != OWN:
        box.start()
        starts += 1
        assert starts < 12 * HOUR_S / START_COUNTS_S + 1
    assert starts > 12


def test_a_receipt_for_anything_else_proves_nothing() -> None:
    """An old receipt that somebody plays again covers no word that was sealed under the set."""
    box = Box()
    box.card.waiting.add("other")
    box.take(signed(1, SPARING))
    box.run(1)
    box.card.waiting.discard("other")
    box.run(13)
    assert box.ran == OWN


def test_another_address_is_kept_only_when_the_hub_answered_there() -> None:
    box = Box()
    box.take(signed(1, OTHER_URL))
    box.run(0.5)
    assert box.ran.hub_url == "https://other.example"
    box.card.waiting.clear()  # a courier carried it
    box.run(1)
    assert box.running.status()["state"] == "probation"
    box.running.reached_by_internet(None)
    box.run(1)
    assert box.running.status()["state"] == "probation"
    box.running.reached_by_internet(object())
    box.run(0.2)
    assert box.running.status()["state"] == "kept"


def test_what_is_old_for_another_box_unsigned_or_damaged_changes_nothing() -> None:
    box = Box()
    box.take(signed(5, SPARING))
    before = dict(box.card.texts)
    newer = signed(6, {BoxSetting.AIRTIME_PERMILLE: 50})
    damaged = SignedSetting(newer.signed[:9] + bytes([newer.signed[9] ^ 1]) + newer.signed[10:])
    for record in (
        signed(5, SPARING),
        signed(4, {BoxSetting.AIRTIME_PERMILLE: 50}),
        signed(9, SPARING, generation=0),
        signed(6, SPARING, node=8),
        damaged,
        SignedSetting(b""),
        SignedSetting(newer.signed[:70]),
    ):
        box.take(record)
        assert box.card.texts == before
    box.take(newer)
    assert box.card.texts != before


@pytest.mark.parametrize(
    ("values", "number"),
    [
        (encode_values(SPARING) + bytes([200, 1]), 200),
        (encode_values({BoxSetting.AIRTIME_PERMILLE: 101}), 1),
        (encode_values({BoxSetting.WAIT_LEAST_MINUTES: 5, BoxSetting.WAIT_MOST_MINUTES: 30}), 0),
        (encode_values({BoxSetting.WAIT_LEAST_MINUTES: 10, BoxSetting.WAIT_MOST_MINUTES: 34}), 5),
        (encode_values({BoxSetting.WAIT_LEAST_MINUTES: 10}), 5),
        (encode_values({BoxSetting.HUB_URL: "http://other.example"}), 8),
        (encode_values({BoxSetting.POLL_MINUTES: 600}), 0),
        (b"\x02\x3c\x01\x0a", 0),
        (b"\x08\x05http", 0),
    ],
)
def test_what_the_box_does_not_know_or_allow_is_kept_out_and_told(values: bytes, number: int) -> None:
    box = Box()
    hours = 12 if number else 11
    box.take(signed(1, values, hours=hours))
    box.run(0.2)
    assert box.said == [SettingsHeld(SettingsState.REFUSED, 1, 1, number)]
    assert box.ran == OWN
    assert box.running.status()["ended"] == "refused"


def test_the_set_from_before_signed_again_ends_a_probation_without_another() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    box.run(1, hears=True)
    box.take(signed(2, OTHER_URL))
    box.run(1)
    assert box.ran.hub_url == "https://other.example"
    box.take(signed(3, SPARING))
    box.run(0.2)
    assert (box.ran.hub_url, box.ran.duty_cycle) == (OWN.hub_url, 0.02)
    assert box.said[-1] == SettingsHeld(SettingsState.KEPT, 1, 3)


def test_a_person_at_the_box_may_forget_them_and_the_hub_is_told() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    box.run(1, hears=True)
    box.running.forget()
    box.start()
    box.run()
    assert (box.ran, box.states[-1]) == (OWN, SettingsState.BY_HAND)
    box.take(signed(1, SPARING))
    box.run()
    assert box.ran == OWN


def test_a_command_that_opens_the_box_for_a_moment_tries_nothing() -> None:
    box = Box()
    box.take(signed(1, SPARING))
    before = dict(box.card.texts)
    other = RunningSettings(
        box.card,  # type: ignore[arg-type]
        box.clock,
        hub_signing_public=PUBLIC,
        node_number=7,
        runs=False,
    )
    assert other.begin(OWN) is OWN
    other.turn(box.send)
    assert not other.must_start_anew
    assert box.card.texts == before


@pytest.mark.parametrize("hears", [False, True])
def test_a_power_cut_at_any_write_leaves_the_set_before_or_the_new_one(hears: bool) -> None:
    """The power goes at one write of a whole probation; the box comes back, and the end is the same."""
    for write in range(30):
        box = Box()
        box.take(signed(1, SPARING))
        box.card.writes_left = write
        for _ in range(8):
            try:
                box.run(4, hears=hears)
            except StorageError:
                box.card.writes_left = -1
                box.start()
        was_cut = box.card.writes_left < 0
        box.card.writes_left = -1
        box.start()
        assert box.ran == (replace(OWN, duty_cycle=0.02, gateway=False) if hears else OWN)
        last = SettingsState.KEPT if hears else SettingsState.WENT_BACK
        assert box.states[-1] is last
        assert box.states.count(last) == 1
    assert not was_cut, "there were more writes than were cut"


@given(st.lists(st.sampled_from(["run", "start", "hear", "newer", "older"]), max_size=20))
@settings(max_examples=40, deadline=None)
def test_only_what_the_hub_answered_under_is_ever_kept(story: list[str]) -> None:
    box, serial = Box(), 0
    for event in story:
        if event == "newer":
            serial += 1
            box.take(signed(serial, {BoxSetting.AIRTIME_PERMILLE: 10 + serial}))
        elif event == "older":
            box.take(signed(serial - 1, OTHER_URL) if serial else signed(1, OTHER_URL, node=8))
        elif event == "start":
            box.start()
        else:
            box.run(1, hears=event == "hear")
    kept = [held.serial for held in box.said if held.state is SettingsState.KEPT]
    assert kept == sorted(kept)
    box.run(14)
    assert box.running.status()["state"] in ("kept", "own")
    assert box.ran.duty_cycle == pytest.approx(0.01 + 0.001 * kept[-1] if kept else OWN.duty_cycle)
    assert box.ran.hub_url == OWN.hub_url
