"""Any order of reports, answers, faults, restarts and restores over both ends of the link.

The suite runs a few fixed stories. `KENTONGAN_EXAMPLES=2000` runs so many random ones.
"""

from __future__ import annotations

import os
import random

from frame_fuzz import size_of
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from stormy_pair import HubCopy, StormyPair

from sync.identifiers import BROADCAST, EnvelopeId
from sync.link.settings import LinkSettings
from sync.wire.frame_codec import ReceiptFrame, decode_frame

DAY_S = 86_400.0
MAX_EPOCHS = 12
FEW = 20
EXAMPLES = int(os.environ.get("KENTONGAN_EXAMPLES", FEW))
TIGHT = LinkSettings(duty_cycle=0.1, budget_burst_ms=30_000)
FREE = LinkSettings(duty_cycle=1.0)


class Storm(RuleBasedStateMachine):
    """The rules are what may happen; `StormyPair` watches every frame, the invariants every step."""

    @initialize(
        seed=st.integers(0, 2**32),
        limit=st.sampled_from([180, 219, 231]),
        bound=st.booleans(),
        link=st.sampled_from([FREE, TIGHT]),
    )
    def begin(self, seed: int, limit: int, bound: bool, link: LinkSettings) -> None:
        self.pair = StormyPair(seed=seed, limit=limit, bound=bound, settings=link)
        self.rng = random.Random(seed)
        self.answers: list[bytes] = []
        self.hubs: set[int] = {self.pair.hub_radio}
        self.copy: tuple[HubCopy, dict[int, bytes]] | None = None

    # -- the village and the office -----------------------------------------------------------------

    @rule(
        sizes=st.lists(st.sampled_from([1, 40, 90, 120, 200, 231, 700, 1500]), min_size=1, max_size=6),
        urgent=st.booleans(),
        due_in=st.sampled_from([0.0, 0.0, 200.0]),
    )
    def file_reports(self, sizes: list[int], urgent: bool, due_in: float) -> None:
        for size in sizes:
            self.pair.offer(self.rng.randbytes(size), urgent=urgent, due_in=due_in)

    @rule(seconds=st.sampled_from([1, 3, 5]), size=st.sampled_from([60, 700]))
    def urgent_in_the_middle_of_others(self, seconds: int, size: int) -> None:
        for _ in range(6):
            self.pair.offer(self.rng.randbytes(200))
        self.pair.run_for(seconds)
        self.pair.offer(self.rng.randbytes(size), urgent=True)

    @rule(size=st.sampled_from([1, 60, 700]))
    def answer(self, size: int) -> None:
        self.answers.append(self.rng.randbytes(size))
        self.pair.send_down(self.answers[-1])

    @rule(seconds=st.sampled_from([1, 7, 30, 120, 900, 7 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.pair.run_for(seconds)

    # -- the air ------------------------------------------------------------------------------------

    @rule(
        loss=st.sampled_from([0.0, 0.2, 0.6, 0.95]),
        duplicate=st.sampled_from([0.0, 0.5]),
        reorder=st.sampled_from([0.0, 0.5]),
    )
    def weather(self, loss: float, duplicate: float, reorder: float) -> None:
        self.pair.loss, self.pair.duplicate, self.pair.reorder = loss, duplicate, reorder

    @rule(off=st.booleans())
    def hub_is_silent(self, off: bool) -> None:
        self.pair.hub_is_off = off

    @rule(limit=st.sampled_from([180, 219, 231]))
    def packets_change_their_size(self, limit: int) -> None:
        self.pair.limit = limit

    @rule(node=st.integers(1, 2**32 - 2), hub=st.integers(1, 2**32 - 2))
    def addresses_change(self, node: int, hub: int) -> None:
        self.pair.node_radio, self.pair.hub_radio = node, hub
        self.hubs.add(hub)

    @rule(payload=st.binary(min_size=1, max_size=60), way=st.sampled_from(["up", "down"]))
    def junk(self, payload: bytes, way: str) -> None:
        self.pair.deliver(way, payload)

    @rule(data=st.data())
    @precondition(lambda self: self.pair.sent)
    def replay(self, data: st.DataObject) -> None:
        back = data.draw(st.integers(1, min(60, len(self.pair.sent))), label="frames ago")
        _, way, payload = self.pair.sent[-back]
        self.pair.deliver(way, payload)

    # -- power, backups, other carriers ---------------------------------------------------------------

    @rule()
    @precondition(lambda self: len(self.pair.blocks) < MAX_EPOCHS)
    def node_restarts(self) -> None:
        self.pair.restart_node()

    @rule()
    def hub_restarts(self) -> None:
        self.pair.restart_hub()

    @rule()
    def hub_is_copied(self) -> None:
        self.copy = self.pair.copy_hub(), dict(self.pair.downs)

    @rule()
    @precondition(lambda self: self.copy is not None)
    def hub_is_restored(self) -> None:
        assert self.copy is not None
        held, downs = self.copy
        self.pair.downs = dict(downs)
        lost = [a for a in self.answers if a not in self.pair.arrived and a not in downs.values()]
        self.answers = [
            a for a in self.answers if a not in lost
        ]  # written after the copy: gone with the disk
        self.pair.restore_hub(held)

    @rule(data=st.data())
    @precondition(lambda self: self.waiting())
    def another_carrier_brings_some(self, data: st.DataObject) -> None:
        waiting = self.waiting()
        count = data.draw(st.integers(1, min(4, len(waiting))), label="how many")
        for place in self.rng.sample(waiting, count):
            self.pair.carry_otherwise(place)

    def waiting(self) -> list[EnvelopeId]:
        return [place for place in self.pair.offered if place not in self.pair.receipted]

    # -- what always holds ----------------------------------------------------------------------------

    @invariant()
    def once_and_unchanged(self) -> None:
        if hasattr(self, "pair"):
            assert self.pair.hub.stored_twice == 0
            assert all(self.pair.offered[p].plain == plain for p, plain in self.pair.hub.opened.items())

    @invariant()
    def memory_is_bounded_by_what_waits(self) -> None:
        if hasattr(self, "pair"):
            waiting = sum(len(o.sealed) for p, o in self.pair.offered.items() if p not in self.pair.receipted)
            assert size_of(self.pair.node) < 30_000 + 4 * waiting + 400 * self.pair.node.pending_count()
            down = sum(len(plain) for plain in self.pair.downs.values())
            assert size_of(self.pair.hub_session) < 120_000 + 4 * down + 400 * len(self.pair.downs)

    @invariant()
    def the_node_speaks_to_somebody_it_heard(self) -> None:
        if hasattr(self, "pair"):
            self.hubs.add(self.pair.hub_radio)
            assert self.pair.node.peer in {BROADCAST, *self.hubs}

    def teardown(self) -> None:
        """The faults end: within a day everything is there and both ends know it."""
        if not hasattr(self, "pair"):
            return
        pair = self.pair
        pair.hub_is_off, pair.loss = False, min(pair.loss, 0.3)
        pair.run(pair.is_settled, pair.now + DAY_S)
        assert pair.is_settled()
        pair.assert_exactly_once()
        pair.assert_hub_holds_everything()
        assert set(self.answers) <= set(pair.arrived)
        assert not pair.urgent_unsent


def test_every_story_ends_well() -> None:
    run_state_machine_as_test(
        Storm,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            derandomize=EXAMPLES == FEW,
            # A story takes a tenth of a second: making one shorter takes minutes, which the suite has not.
            phases=[Phase.generate] if EXAMPLES == FEW else [Phase.generate, Phase.shrink],
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_urgent_reports_of_two_epochs_go_before_all_others() -> None:
    pair = StormyPair(seed=1, settings=FREE)
    for _ in range(4):
        pair.offer(bytes(200))
    pair.offer(b"mendesak", urgent=True)
    pair.restart_node()
    pair.offer(b"mendesak juga", urgent=True)
    pair.run_for(60)


def test_a_frame_for_keys_alone_brings_no_ordinary_report_before_an_urgent_one_of_another_epoch() -> None:
    """The urgent one of the first epoch fills its packet, so its question and keys go in a second frame."""
    pair = StormyPair(seed=0, limit=219, bound=False, settings=FREE)
    pair.offer(bytes(40))
    pair.offer(bytes(200), urgent=True)
    pair.restart_node()
    pair.offer(b"m", urgent=True)
    pair.run(pair.is_settled, pair.now + 3600)  # the pair refuses what goes before an urgent one
    assert pair.is_settled()


def test_no_report_of_another_epoch_goes_before_urgent_ones_that_a_burst_has_no_frames_for() -> None:
    pair = StormyPair(seed=0, limit=180, bound=False, settings=FREE)
    pair.run_for(60)
    pair.offer(b"biasa")
    pair.restart_node()
    pair.offer(bytes(60), urgent=True)
    for _ in range(6):
        pair.offer(bytes(200))
    pair.run_for(1)
    for size in (60, 1500, 1500, 200):
        pair.offer(bytes(size), urgent=True)
    pair.run(pair.is_settled, pair.now + 3600)  # the pair refuses what goes before an urgent one
    assert pair.is_settled()


class DeafToReceipts(StormyPair):
    """Loses every receipt while it is told to."""

    is_deaf = True

    def deliver(self, way: str, payload: bytes) -> None:
        if not (way == "down" and self.is_deaf and isinstance(decode_frame(payload), ReceiptFrame)):
            super().deliver(way, payload)


def test_an_answer_that_arrived_is_not_sent_again_and_again() -> None:
    pair = DeafToReceipts(seed=1, settings=FREE)
    pair.run_for(300)
    pair.is_deaf = False
    pair.send_down(b"jawaban")
    assert len(pair.run_for(3600)) < 20
    assert not pair.downs
