"""Numbers on the wire: what was shipped keeps its meaning for ever."""

from __future__ import annotations

import enum

import pytest

from sync.identifiers import Lane
from sync.wire.control_records import FIRST_REPORT_BYTE
from sync.wire.numbers import (
    FRAME_VERSION,
    BoxSetting,
    BundleKind,
    DownRecord,
    FrameType,
    MediaType,
    Section,
    SettingsState,
    Step,
    UpRecord,
)

# Written out once more, on purpose: who changes a number must change it here, and may only add.
SHIPPED: dict[type[enum.IntEnum], dict[str, int]] = {
    FrameType: {
        "DATA": 1, "FRAGMENT": 2, "RECEIPT": 3, "DOWN": 4, "DOWN_FRAGMENT": 5, "UNKNOWN_EPOCH": 6,
    },
    UpRecord: {"EPOCH_CLOSED": 1, "VOID": 2, "ATTACHMENT_PIECE": 3},
    BoxSetting: {
        "AIRTIME_PERMILLE": 1, "POLL_MINUTES": 2, "INTERNET_MINUTES": 3, "WAIT_LEAST_MINUTES": 4,
        "WAIT_MOST_MINUTES": 5, "GATEWAY": 6, "DENSE_TEXT": 7, "HUB_URL": 8,
    },
    SettingsState: {"ON_PROBATION": 1, "KEPT": 2, "WENT_BACK": 3, "REFUSED": 4, "BY_HAND": 5},
    MediaType: {
        "JPEG": 1, "WEBP": 2, "PNG": 3, "OGG_OPUS": 4, "WEBM_OPUS": 5, "AMR": 6, "M4A": 7, "MP3": 8,
    },
    DownRecord: {"ANSWER": 1, "STATUS": 2, "BACKED_UP": 3},
    Step: {"READ": 1, "ACTED_ON": 2},
    Section: {
        "EPOCH": 1, "ENVELOPE": 2, "CLAIM": 3, "LANE": 4, "FOR_NODE": 16, "RECEIPT": 17, "DOWN": 18,
        "LANE_RECEIPT": 19, "GATEWAY": 32, "AIR_FRAME": 33, "END": 127,
    },
    BundleKind: {"UP": 1, "DOWN": 2, "GATEWAY_UP": 3, "GATEWAY_DOWN": 4},
    Lane: {"REPORT": 0, "BULK": 1},
}  # fmt: skip


@pytest.mark.parametrize("numbers", SHIPPED, ids=lambda numbers: numbers.__name__)
def test_shipped_numbers_stand(numbers: type[enum.IntEnum]) -> None:
    now = {member.name: int(member) for member in numbers}
    assert {name: now.get(name) for name in SHIPPED[numbers]} == SHIPPED[numbers]


@pytest.mark.parametrize("numbers", SHIPPED, ids=lambda numbers: numbers.__name__)
def test_no_number_has_two_names(numbers: type[enum.IntEnum]) -> None:
    assert len(numbers.__members__) == len({int(member) for member in numbers.__members__.values()})


def test_numbers_fit_their_fields() -> None:
    assert FRAME_VERSION == 1
    assert all(1 <= kind <= 7 for kind in FrameType)
    assert all(0 < record < FIRST_REPORT_BYTE for record in UpRecord)
    assert all(0 < section < 128 for section in Section)  # 0 is padding
