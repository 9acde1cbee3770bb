from __future__ import annotations

from hub.audit.entries import REASON_MAX_CHARACTERS as OF_THE_LOG
from hub.box_services import REASON_MAX_CHARACTERS


def test_every_reason_fits_the_log() -> None:
    assert REASON_MAX_CHARACTERS <= OF_THE_LOG
