"""The loop that uses the internet: it waits longer after failures and nothing ends it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator

import pytest
from village import STORY, Region

from sync.carriers.https import HubClient
from sync.clock import ManualClock
from sync.errors import CarrierError, MalformedWire
from sync.storage.writer import StorageError
from village_node.doctor import examine
from village_node.internet import MAX_BACKOFF_S, InternetLoop, exchange_until_settled

PATIENCE_S = 30.0


class ScriptedHub(HubClient):
    """Answers with the hub's desk, or fails as told."""

    def __init__(self, region: Region) -> None:
        super().__init__("http://127.0.0.1:1")
        self.region = region
        self.failure: Exception | None = None
        self.asked = 0
        self.asked_again = threading.Semaphore(0)

    def exchange(self, bundle: bytes) -> bytes:
        self.asked += 1
        self.asked_again.release()
        if self.failure is not None:
            raise self.failure
        return self.region.hub.desk.exchange(bundle, via="http")[0]

    def wait_until_asked(self) -> None:
        assert self.asked_again.acquire(timeout=PATIENCE_S)


class StillClock(ManualClock):
    """Stands still until the test moves it; who waits wakes when it is moved or the event is set."""

    def __init__(self) -> None:
        super().__init__(monotonic_s=1_000.0, wall_s=1_800_000_000.0)
        self._moved = threading.Condition()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        until = self.monotonic_s() + timeout_s
        with self._moved:
            while self.monotonic_s() < until and not event.is_set():
                self._moved.wait(0.01)
        return event.is_set()

    def advance(self, seconds: float) -> None:
        with self._moved:
            super().advance(seconds)
            self._moved.notify_all()


class TestExchanging:
    def test_until_nothing_waits(self, region: Region) -> None:
        region.file("satu")
        hub = ScriptedHub(region)
        assert exchange_until_settled(region.node().desk, hub) == 1
        assert region.stories() == ["satu"]

    def test_a_restored_hub_is_told_all_again_in_one_go(self, region: Region) -> None:
        region.file("satu")
        region.settle()
        hub = region.hub
        hub.store.writer.run(
            lambda: [
                hub.store.database.execute_sql(f"DELETE FROM {table}")
                for table in ("envelope", "report", "held", "epoch", "down", "triage")
            ]
        )
        region.restart_hub()
        exchange_until_settled(region.node().desk, ScriptedHub(region))
        assert region.stories() == ["satu"]
        assert not region.node().desk.has_work()

    def test_a_hub_that_receipts_nothing_is_not_asked_for_ever(self, region: Region) -> None:
        region.file()
        other = Region(region.path / "elsewhere", region.clock)
        try:
            other.file()
            down, _ = other.hub.desk.exchange(other.node().desk.up_bundle().data, via="http")
            hub = ScriptedHub(region)
            hub.exchange = lambda bundle: down  # type: ignore[method-assign]
            assert exchange_until_settled(region.node().desk, hub) == 0
        finally:
            other.close()


@pytest.fixture
def hub(region: Region) -> ScriptedHub:
    region.clock = StillClock()
    region.file("menunggu")
    return ScriptedHub(region)


@pytest.fixture
def start(region: Region, hub: ScriptedHub) -> Iterator[Callable[[], InternetLoop]]:
    loops: list[InternetLoop] = []

    def begin() -> InternetLoop:
        loop = InternetLoop(
            desk=region.node().desk,
            client=hub,
            gateway=None,
            clock=region.clock,
            every_s=900.0,
            rng=random.Random(1),
        )
        loops.append(loop)
        loop.start()
        return loop

    yield begin
    for loop in loops:
        loop.close()
        assert loop._thread is not None
        assert not loop._thread.is_alive()


def settle(loop: InternetLoop, problem: bool) -> None:
    """Wait until the loop has finished what it was at."""
    waiting = threading.Event()
    for _ in range(3000):
        if (loop.problem is not None) is problem:
            return
        waiting.wait(0.01)
    raise AssertionError(loop.problem)


class TestTheLoop:
    def test_it_asks_at_once_and_then_at_its_times(
        self, region: Region, hub: ScriptedHub, start: Callable[[], InternetLoop]
    ) -> None:
        start()
        hub.wait_until_asked()
        while region.node().desk.has_work():
            threading.Event().wait(0.01)
        asked = hub.asked
        region.clock.advance(450)
        assert hub.asked == asked
        while hub.asked == asked:  # the pause may have begun before or after the first step
            region.clock.advance(450)
            threading.Event().wait(0.05)

    @pytest.mark.parametrize(
        "failure",
        [CarrierError("the hub cannot be reached (X)"), MalformedWire("not a bundle"), StorageError("full")]
        + [RuntimeError(STORY)],
    )
    def test_no_failure_ends_it_and_the_problem_is_told_and_taken_back(
        self,
        region: Region,
        hub: ScriptedHub,
        start: Callable[[], InternetLoop],
        failure: Exception,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level("DEBUG")
        hub.failure = failure
        loop = start()
        hub.wait_until_asked()
        settle(loop, True)
        assert loop.problem is not None
        assert "Malaysia" not in loop.problem + caplog.text
        hub.failure = None
        loop.wake()
        hub.wait_until_asked()
        settle(loop, False)
        assert region.stories() == ["menunggu"]

    def test_a_hub_that_refuses_is_another_trouble_than_one_that_is_not_reached(
        self, region: Region, hub: ScriptedHub, start: Callable[[], InternetLoop]
    ) -> None:
        loop = start()
        for failure, refused in (
            (CarrierError("the hub refused with status 403: not one of ours", permanent=True), True),
            (CarrierError("the hub cannot be reached (X)"), False),
            (CarrierError("the hub refused with status 403: not one of ours", permanent=True), True),
            (None, False),
        ):
            hub.failure = failure
            region.clock.advance(450)
            loop.wake()
            for _ in range(3000):
                if loop.refused is refused and (loop.problem is not None) is (failure is not None):
                    break
                threading.Event().wait(0.01)
            assert (loop.refused, loop.problem) == (refused, None if failure is None else str(failure))

    def test_it_waits_longer_after_each_failure_up_to_a_limit(
        self, hub: ScriptedHub, start: Callable[[], InternetLoop]
    ) -> None:
        hub.failure = CarrierError("down")
        loop = start()
        hub.wait_until_asked()
        settle(loop, True)
        pauses = []
        for failures in range(1, 20):
            loop._failures = failures
            pauses.append(loop._pause_s())
        assert pauses[0] < 15
        assert all(later > earlier for earlier, later in zip(pauses[:6], pauses[1:7], strict=True))
        assert max(pauses) <= MAX_BACKOFF_S * 1.25
        loop._failures = 0
        assert loop._pause_s() == 900.0

    def test_what_a_gateway_hears_does_not_shorten_the_wait_after_a_failure(
        self, region: Region, hub: ScriptedHub, start: Callable[[], InternetLoop]
    ) -> None:
        hub.failure = CarrierError("down")
        loop = start()
        hub.wait_until_asked()
        settle(loop, True)
        for _ in range(5):
            loop._wake.set()
            threading.Event().wait(0.02)
        assert hub.asked == 1
        loop.wake()
        hub.wait_until_asked()
        assert hub.asked == 2

    def test_an_urgent_report_does_not_wait(
        self, region: Region, hub: ScriptedHub, start: Callable[[], InternetLoop]
    ) -> None:
        node = region.node()
        node.carriers.internet = start()
        hub.wait_until_asked()
        threading.Event().wait(0.05)
        asked = hub.asked
        region.file("sekarang", urgency="now")
        for _ in range(300):
            if hub.asked > asked and not node.desk.has_work():
                break
            threading.Event().wait(0.02)
        assert "sekarang" in region.stories()
        node.carriers.internet.close()
        node.carriers.internet = None


@pytest.mark.parametrize(("refused", "do"), [(True, "ring the hub"), (False, "no harm")])
def test_doctor_sends_to_the_hub_where_it_refuses(
    region: Region, monkeypatch: pytest.MonkeyPatch, refused: bool, do: str
) -> None:
    status = region.node().health.status() | {"radio": None}
    status["internet"] = {"reached": False, "problem": "the hub ...", "refused": refused}
    monkeypatch.setattr("village_node.doctor._running", lambda folder: status)
    found = examine(region.node_folder(), radio_url=None, hub_url=None)
    [internet] = [one for one in found if one["check"] == "internet"]
    assert (internet["ok"], internet["problem"]) == (False, "the hub ...")
    assert do in internet["do"]
