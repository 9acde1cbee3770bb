"""How busy a station found the channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.carriers.channel_use import ChannelUse


def test_a_quiet_channel_is_free() -> None:
    assert ChannelUse().share(0.0) == 0.0


def test_a_frame_counts_for_a_minute_and_leaves_bit_by_bit() -> None:
    use = ChannelUse()
    use.note(10.0, 16.0)
    assert use.share(13.0) == pytest.approx(3 / 60), "what is still to come does not count yet"
    assert use.share(16.0) == pytest.approx(6 / 60)
    assert use.share(70.0) == pytest.approx(6 / 60)
    assert use.share(73.0) == pytest.approx(3 / 60)
    assert use.share(76.0) == 0.0


def test_frames_at_the_same_time_count_once() -> None:
    use = ChannelUse()
    use.note(0.0, 6.0)
    use.note(1.0, 2.0)
    use.note(5.0, 9.0)
    use.note(9.0, 12.0)
    assert use.share(60.0) == pytest.approx(12 / 60)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 20)), max_size=40), st.floats(0, 300))
def test_the_share_is_a_share_and_nothing_old_is_kept(
    frames: list[tuple[float, float]], later: float
) -> None:
    use, now = ChannelUse(), 0.0
    for pause_s, airtime_s in frames:
        now += pause_s
        use.note(now, now + airtime_s)
    assert 0.0 <= use.share(now + later) <= 1.0
    assert use.share(now + 81.0) == 0.0
