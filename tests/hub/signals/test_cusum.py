"""CUSUM beyond what R's sample holds."""

from __future__ import annotations

import numpy as np

from hub.signals.cusum import cusum


def test_a_series_without_reports_before_has_no_scale_and_no_alarm_as_in_r() -> None:
    counts = np.zeros((1, 62))
    counts[0, 60:] = 5.0, 9.0
    for trans in ("standard", "rossi", "anscombe"):
        found = cusum(counts, 57, trans=trans)
        assert np.isnan(found.upperbound).all()
        assert not found.alarm.any()
    assert cusum(counts, 57, trans="none").alarm.tolist() == [[False, False, False, True, True]]
