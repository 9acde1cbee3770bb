"""EARS C1, C2 and C3: a week against the few before it.

Source: R. D. Fricker, B. L. Hegler, D. A. Dunfee (2008), Comparing syndromic surveillance detection methods:
EARS versus a CUSUM-based methodology, Statistics in Medicine 27, 3407-3429.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import ndtri

from hub.signals.detection import Counts, Detection, check_first

LAG_WEEKS = {"C1": 0, "C2": 2, "C3": 2}
_MORE_WEEKS = {"C1": 0, "C2": 2, "C3": 4}


def weeks_before(method: str, baseline: int) -> int:
    """Return how many weeks must lie before the first that can be tested."""
    return baseline + _MORE_WEEKS[method]


def ears(
    counts: Counts,
    first: int | None = None,
    *,
    method: str = "C1",
    baseline: int = 7,
    min_sigma: float = 0.0,
    alpha: float = 0.001,
) -> Detection:
    """Test the weeks from `first` (from 0; None: all that can be) by `method` C1, C2 or C3.

    C1 and C2 compare a week with the mean and standard deviation of `baseline` weeks that end one or three
    weeks before it. C3 looks at what C2 found too much in the two weeks before. Its bound stands on the
    week's own count, as in surveillance 1.20.3 (the paper has the mean of the baseline there): its alarm says
    that those two weeks together were too much. It has no bound where one of these weeks has a baseline that
    does not vary. Raises BadParameter.
    """
    least = weeks_before(method, baseline)
    first = least if first is None else first
    check_first(first, counts.shape[1], least)
    quantile = float(ndtri(1 - alpha))
    earlier = 2 if method == "C3" else 0
    mean, sigma = _moments(counts, first - earlier, baseline, LAG_WEEKS[method])
    sigma = np.maximum(sigma, min_sigma)
    if method != "C3":
        bound = mean + quantile * sigma
        return Detection(first, bound, counts[:, first:] > bound)
    watched = counts[:, first:]
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.maximum(0.0, (counts[:, first - 2 : -1] - mean[:, :-1]) / sigma[:, :-1] - 1)
        bound = watched + sigma[:, 2:] * (quantile - (excess[:, 1:] + excess[:, :-1]))
        bound = np.maximum(bound, 0.0)
    return Detection(first, bound, watched > bound)


def _moments(
    counts: Counts, first: int, baseline: int, lag: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of the baselines of the weeks from `first` on."""
    begin = first - lag - baseline
    windows = sliding_window_view(counts[:, begin : counts.shape[1] - lag - 1], baseline, axis=1)
    mean = windows.mean(axis=2)
    return mean, windows.std(axis=2, ddof=1)
