"""Receipts of the box that was here before: the hub tells by what their codes are found on this one."""

from __future__ import annotations

from typing import Any

from sync.wire.control_records import MovedReceipt
from village_node.models import Receipt, ReceiptSign, Step
from village_node.receipt_rows import STEP_ACTED_ON, STEP_ON_ITS_WAY, STEP_READ, STEP_RECEIVED, STEP_SAVED

_NO_START = -1
"""In the place of a start of this box: what was told is dated by the hub's seconds alone."""
_STEPS = (
    (STEP_SAVED, STEP_ON_ITS_WAY, STEP_RECEIVED),
    (STEP_READ,),
    (STEP_ACTED_ON,),
)


class MovedReceipts:
    """Keeps them, in the commit that notes that they came."""

    def __init__(self, database: Any) -> None:
        self._db = database

    def take(self, moved: MovedReceipt) -> None:
        """Keep one; what is here of it already stays."""
        place = {"find": moved.find, "epoch": moved.epoch, "counter": moved.counter}
        Receipt.insert(place).on_conflict_ignore().execute(self._db)
        signs = {"find": moved.find, "pictures": moved.pictures, "duress_find": moved.duress_find}
        ReceiptSign.insert(signs).on_conflict_ignore().execute(self._db)
        when = {"boot": _NO_START, "mono_s": 0, "wall_s": moved.at_s}
        for step in (step for steps in _STEPS[: moved.step + 1] for step in steps):
            Step.insert({"find": moved.find, "step": step, **when}).on_conflict_ignore().execute(self._db)
