"""Free places, worked out from reports of which most are lost."""

from __future__ import annotations

from firmware_bridge.queue_pacing import BLIND_PLACES, REPORT_LOST_S, QueuePacing


def sendable(pacing: QueuePacing, now: float = 0.0) -> int:
    count = 0
    while pacing.may_send(now):
        count += 1
        pacing.on_packet(1000 + count)
    return count


def test_before_the_first_report_little_is_risked() -> None:
    pacing = QueuePacing()
    assert pacing.reported_free is None
    assert sendable(pacing) == BLIND_PLACES


def test_a_report_counts_for_what_was_written_before_it() -> None:
    pacing = QueuePacing()
    for packet_id in (1, 2, 3):
        pacing.on_packet(packet_id)
    pacing.on_report(free=10, packet_id=2, now=0.0)
    assert pacing.reported_free == 9, "packet 3 is not in the report yet"
    pacing.on_report(free=9, packet_id=3, now=0.0)
    assert pacing.reported_free == 9


def test_one_report_settles_all_whose_own_were_lost() -> None:
    pacing = QueuePacing()
    for packet_id in range(1, 9):
        pacing.on_packet(packet_id)
    pacing.on_report(free=5, packet_id=8, now=0.0)
    assert sendable(pacing) == 5


def test_the_answer_to_a_heartbeat_settles_what_went_before() -> None:
    pacing = QueuePacing()
    pacing.on_report(free=2, packet_id=0, now=0.0)
    pacing.on_packet(1)
    pacing.on_heartbeat()
    pacing.on_packet(2)
    pacing.on_report(free=6, packet_id=0, now=0.0)
    assert pacing.reported_free == 5


def test_a_full_radio_is_left_alone_until_it_reports() -> None:
    pacing = QueuePacing()
    pacing.on_report(free=0, packet_id=0, now=0.0)
    assert not pacing.may_send(1.0)
    pacing.on_report(free=1, packet_id=0, now=2.0)
    assert sendable(pacing, 2.0) == 1


def test_without_reports_one_packet_is_risked_now_and_then() -> None:
    pacing = QueuePacing()
    pacing.on_report(free=0, packet_id=0, now=0.0)
    assert sendable(pacing, REPORT_LOST_S - 0.1) == 0
    assert sendable(pacing, REPORT_LOST_S) == 1
    assert sendable(pacing, 2 * REPORT_LOST_S) == 1
