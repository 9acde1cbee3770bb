"""How much gets lost on the way, and when saying it again is cheaper than asking whether it was heard."""

from __future__ import annotations

_PRIOR_LOST = 1.0
_PRIOR_FRAMES = 7.0
"""Before anything was observed: what a mesh that is not busy loses."""
_KEPT = 0.9
"""What an observation still counts after each further frame: the last ten or so decide."""
MOST_REPEATS = 3


class LossEstimate:
    """The share of frames that are lost, of late."""

    def __init__(self) -> None:
        self._lost = _PRIOR_LOST
        self._frames = _PRIOR_FRAMES

    def observe(self, *, arrived: int, lost: int) -> None:
        """Take how many frames of a burst came and how many did not."""
        kept = _KEPT ** (arrived + lost)
        self._lost = self._lost * kept + lost
        self._frames = self._frames * kept + arrived + lost

    def share(self) -> float:
        """Return the estimate, above 0 and below 1."""
        return min(0.9, max(0.01, self._lost / self._frames))


def repeats_before_asking(frame_ms: float, poll_ms: float, receipt_ms: float, loss: float) -> int:
    """Return how often a frame that stood alone and met silence is best sent again before a short poll.

    Silence means that the frame was lost or its receipt. A short poll costs less than the frame, but brings
    it no nearer; the frame brings both. The number is the one with the least airtime expected until a receipt
    comes, where each frame is lost with chance `loss`, independently. Times in milliseconds.
    """
    costs = [_expected_ms(frame_ms, poll_ms, receipt_ms, loss, n) for n in range(MOST_REPEATS + 1)]
    return costs.index(min(costs))


def _expected_ms(frame_ms: float, poll_ms: float, receipt_ms: float, loss: float, repeats: int) -> float:
    """Solve total = frame + silence * (next step), the last step being polls until one is answered."""
    heard = 1 - loss
    answered = heard * heard
    send_ms = frame_ms + heard * receipt_ms
    ask_ms = (poll_ms + heard * receipt_ms) / answered
    missing = 1.0  # the chance that the hub does not have it, as far as is known here
    fixed_ms, again = 0.0, 0.0  # what has to be spent, and the chance that all begins anew
    reach = 1.0
    for _ in range(repeats + 1):
        fixed_ms += reach * send_ms
        reach *= 1 - answered
        missing = missing * loss / (1 - answered)
    fixed_ms += reach * ask_ms
    again = reach * missing
    return fixed_ms / (1 - again)
