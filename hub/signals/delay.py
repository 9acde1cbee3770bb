"""How many of the reports of a week have come by now, from how late earlier ones came. Pure.

A report is told in one week and reaches the hub some weeks later. Of the last weeks only those are known
that were quick, so delays are counted backwards, as in J. F. Lawless (1994), Adjustments for reporting
delays and the prediction of occurred but not reported events, Canadian Journal of Statistics 22, 15-31
(what actuaries call the chain ladder; R's `nowcast` of M. Salmon et al. (2015) begins with it): among
reports that came at most d weeks late, which share came exactly d weeks late? Only weeks are counted of
which all of these have come. The share that came within d weeks is the product of what the later shares
leave.

Small places borrow: a unit's shares are drawn towards those of the hub, and the hub's towards no delay, by so
many reports of what they are drawn to. So a new hub corrects nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HUB_WEIGHT: Final = 20.0
"""Reports without delay that a hub is thought to have had before it begins."""
UNIT_WEIGHT: Final = 20.0
"""Reports of the hub that speak in each unit."""
LEAST_SHARE: Final = 0.05
"""Less than that is not corrected for: it would multiply a single report by more than twenty."""


def shares_come(counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return which share of a week's reports has come after 0, 1, ... weeks: of each unit, and of the hub.

    `counts` has the shape (units, weeks, delays): reports of the unit that were taken in that week and
    came so many weeks later. The last week is the newest of which reports without delay are whole; delays
    that cannot have been yet are left out, whatever stands there. The shapes returned are (units, delays)
    and (delays,).
    """
    units, weeks, delays = counts.shape
    age = weeks - 1 - np.arange(weeks)[:, None]
    whole = np.arange(delays)[None, :] <= age
    known = np.where(whole[None], counts, 0).astype(np.float64)
    exactly = known.sum(axis=1)
    # Reports of the same weeks that came no later than that.
    within = (np.cumsum(known, axis=2) * whole[None]).sum(axis=1)
    hub = exactly.sum(axis=0) / (within.sum(axis=0) + HUB_WEIGHT)
    share = (exactly + UNIT_WEIGHT * hub) / (within + UNIT_WEIGHT)
    return _left(share), _left(hub)


def share_at(come: Floats, weeks: float) -> Floats:
    """Return the share that has come `weeks` whole and part weeks after the week ended; shape (units,)."""
    last = come.shape[-1] - 1
    low = int(min(max(np.floor(weeks), 0), last))
    high = min(low + 1, last)
    part = min(max(weeks - low, 0.0), 1.0)
    found: Floats = come[..., low] + (come[..., high] - come[..., low]) * part
    return np.maximum(found, LEAST_SHARE)


def still_to_come(count: Floats, come: Floats) -> Floats:
    """Return how many reports of a week are expected to come yet, where `count` have and `come` is the
    share."""
    late: Floats = (count + 0.5) * (1.0 - come) / come
    return late


def _left(share: Floats) -> Floats:
    """Return the products of what the shares of all later delays leave."""
    left = np.clip(1.0 - share, 0.0, 1.0)
    later = np.flip(np.cumprod(np.flip(left, axis=-1), axis=-1), axis=-1)
    found: Floats = np.concatenate([later[..., 1:], np.ones_like(later[..., :1])], axis=-1)
    return found
