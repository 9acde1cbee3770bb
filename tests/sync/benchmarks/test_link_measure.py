"""The airtime of the link: figures that follow from what was sent, and limits that a worse link breaks."""

from __future__ import annotations

import random

import pytest

from sync.airtime import PRESETS, payload_airtime_ms
from sync.benchmarks import link_measure
from sync.benchmarks.link_ends import HubEnd
from sync.benchmarks.link_measure import LinkFailed, ideal_ms, interval, measure_link, run_link

LONG_FAST = PRESETS["LongFast"]


def reports(seed: int, count: int = 25) -> list[bytes]:
    """Records as large as dense reports are: 30 to 170 bytes, 73 on average."""
    rng = random.Random(seed)
    return [rng.randbytes(min(170, max(30, round(rng.lognormvariate(4.2, 0.4))))) for _ in range(count)]


def test_the_ideal_is_full_packets_and_nothing_else() -> None:
    assert ideal_ms(231, LONG_FAST, 0.0) == payload_airtime_ms(231, LONG_FAST)
    assert ideal_ms(2310, LONG_FAST, 0.5) == pytest.approx(20 * payload_airtime_ms(231, LONG_FAST))


def test_a_run_counts_all_that_was_on_the_air() -> None:
    plains = reports(1)
    run = run_link(plains, LONG_FAST, 0.0, random.Random(1))
    # Alone each record is 8 bytes of tag, 1 of counter and 2 of frame longer.
    assert run.payload_bytes == sum(len(plain) + 11 for plain in plains)
    assert run.stop_and_wait_frames == 50
    assert run.frames < 15
    assert run.seconds > run.airtime_ms / 1000


@pytest.mark.parametrize(("loss", "most"), [(0.0, 1.03), (0.1, 1.08), (0.3, 1.15), (0.5, 1.35)])
def test_waiting_reports_need_little_more_air_than_their_bytes(loss: float, most: float) -> None:
    """The aims of the design, over a few runs with fixed dice; `kentongan bench link` runs hundreds."""
    ratios = [
        measure_link(reports(seed), LONG_FAST, loss, runs=6, seed=seed)["airtime_ratio"] for seed in (1, 2, 3)
    ]
    assert sum(ratios) / len(ratios) <= most


def test_it_beats_stop_and_wait_in_the_same_run() -> None:
    result = measure_link(reports(4), LONG_FAST, 0.3, runs=4, seed=1)
    assert result["airtime_ms"] < 0.6 * result["stop_and_wait"]["airtime_ms"]
    low, high = result["ci95"]
    assert low <= result["airtime_ratio"] <= high


def test_the_same_seed_gives_the_same_figures_but_for_what_keys_draw() -> None:
    plains = reports(5)
    one, other = (measure_link(plains, LONG_FAST, 0.0, runs=1, seed=7) for _ in range(2))
    assert one["payload_bytes"] == other["payload_bytes"]
    assert one["frames"] == other["frames"]


def test_a_link_that_loses_a_report_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    opens = HubEnd._opens

    def forgets(self: HubEnd, epoch: object, arrival: object) -> bool:
        found = opens(self, epoch, arrival)  # type: ignore[arg-type]
        self.opened.pop(next(iter(self.opened)), None)
        return found

    monkeypatch.setattr(HubEnd, "_opens", forgets)
    with pytest.raises(LinkFailed):
        run_link(reports(6), LONG_FAST, 0.0, random.Random(1))


def test_a_link_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HubEnd, "hear", lambda self, payload, source, now: [])
    monkeypatch.setattr(link_measure, "GIVE_UP_S", 500.0)
    with pytest.raises(LinkFailed):
        run_link(reports(7), LONG_FAST, 0.0, random.Random(1))


def test_the_interval_is_that_of_the_mean() -> None:
    assert interval([1.0, 1.0, 1.0]) == [1.0, 1.0]
    assert interval([1.0]) == [1.0, 1.0]
    low, high = interval([0.9, 1.1] * 50)
    assert low == pytest.approx(1 - 1.96 * 0.1005 / 10, abs=1e-3)
    assert high == pytest.approx(1 + 1.96 * 0.1005 / 10, abs=1e-3)
