"""Messages on their way out: rate, tries, time, verdicts."""

from __future__ import annotations

import pytest

from firmware_bridge.at_errors import NO_ANSWER, AtError, Trouble
from firmware_bridge.sms_credit import CreditJudge
from firmware_bridge.sms_outbox import (
    BAD_NUMBER,
    CLOSED,
    DAY_IS_OVER,
    QUEUE_FULL,
    TOO_LONG,
    NotSent,
    SendingSettings,
    Sent,
    SmsOutbox,
    Verdict,
)

NUMBER = "+6281200001234"
BUSY = AtError(Trouble.BUSY, "CMS ERROR 42")


class Box:
    """An outbox with its verdicts."""

    def __init__(self, settings: SendingSettings | None = None) -> None:
        self.credit = CreditJudge()
        self.outbox = SmsOutbox(settings or SendingSettings(), self.credit, 0.0)
        self.verdicts: list[Verdict] = []

    def put(self, text: str = "Terima kasih", number: str = NUMBER, deadline_s: float = 1e9) -> None:
        self.outbox.put(number, text, deadline_s, self.verdicts.append, 0.0)


def test_the_rate_holds_and_says_when_the_next_may_go() -> None:
    box = Box(SendingSettings(burst=2, per_minute=6))
    for _ in range(4):
        box.put()
    times = []
    now = 0.0
    while len(box.outbox):
        if box.outbox.part_to_send(now) is not None:
            times.append(now)
            box.outbox.sent_part()
        now = max(now, box.outbox.next_timer_at(now))
        if now == float("inf"):
            break
    assert times == pytest.approx([0.0, 0.0, 10.0, 20.0])
    assert box.verdicts == [Sent(1)] * 4


def test_a_long_message_is_sent_when_all_its_parts_are() -> None:
    box = Box()
    box.put("Terima kasih. " * 20)
    for part in range(2):
        assert box.verdicts == []
        assert box.outbox.part_to_send(float(part)) is not None
        box.outbox.sent_part()
    assert box.verdicts == [Sent(2)]


def test_what_passes_is_tried_again_later_and_not_for_ever() -> None:
    box = Box()
    box.put()
    now = 0.0
    for attempt in range(3):
        assert box.outbox.part_to_send(now) is not None
        box.outbox.failed_part(BUSY, may_have_acted=False, now=now)
        if attempt < 2:
            assert box.outbox.part_to_send(now) is None
            now = box.outbox.next_timer_at(now)
    assert box.verdicts == [NotSent(str(BUSY), Trouble.BUSY)]


def test_what_may_have_been_sent_is_not_sent_again() -> None:
    box = Box()
    box.put()
    box.outbox.part_to_send(0.0)
    box.outbox.failed_part(NO_ANSWER, may_have_acted=True, now=0.0)
    assert box.verdicts == [NotSent(str(NO_ANSWER), Trouble.NO_ANSWER, may_have_been_sent=True)]
    assert box.outbox.part_to_send(100.0) is None


def test_a_refusal_for_good_is_told_at_once() -> None:
    box = Box()
    box.put()
    box.outbox.part_to_send(0.0)
    box.outbox.failed_part(AtError(Trouble.BAD_NUMBER, "CMS ERROR 1"), may_have_acted=False, now=0.0)
    (verdict,) = box.verdicts
    assert isinstance(verdict, NotSent)
    assert verdict.trouble is Trouble.BAD_NUMBER
    assert "0000" not in verdict.reason


def test_waiting_ends_at_its_time_but_not_while_the_modem_has_the_message() -> None:
    box = Box()
    box.put(deadline_s=50.0)
    box.put(deadline_s=50.0)
    box.outbox.part_to_send(0.0)
    box.outbox.expire(50.0)
    assert len(box.verdicts) == 1
    box.outbox.sent_part()
    assert box.verdicts[1] == Sent(1)


def test_of_a_message_that_is_dropped_between_its_parts_nobody_knows() -> None:
    box = Box(SendingSettings(longest_parts=3))
    box.put("a" * 300)
    box.put()
    box.outbox.part_to_send(0.0)
    box.outbox.sent_part()
    box.outbox.drop_all(CLOSED)
    assert [one.may_have_been_sent for one in box.verdicts if isinstance(one, NotSent)] == [True, False]


def test_queue_length_day_parts_and_number_are_bounded() -> None:
    box = Box(SendingSettings(queue_places=1, per_day=1))
    box.put(number="KENTONGAN")
    box.put("a" * 1000)
    box.put()
    box.put()
    box.outbox.part_to_send(0.0)
    box.outbox.sent_part()
    box.put()
    assert box.verdicts == [BAD_NUMBER, TOO_LONG, QUEUE_FULL, Sent(1), DAY_IS_OVER]


def test_without_credit_messages_are_refused_at_once_and_one_is_tried_in_ten_minutes() -> None:
    box = Box()
    for _ in range(3):
        box.put()
        box.outbox.part_to_send(0.0)
        box.outbox.failed_part(AtError(Trouble.OTHER, "CMS ERROR 500"), may_have_acted=False, now=0.0)
    assert [getattr(verdict, "trouble", None) for verdict in box.verdicts] == [
        Trouble.OTHER,
        Trouble.OTHER,
        Trouble.NO_CREDIT,
    ]
    box.outbox.put(NUMBER, "a", 1e9, box.verdicts.append, 599.0)
    assert box.verdicts[-1] == NotSent(Trouble.NO_CREDIT.value, Trouble.NO_CREDIT)
    box.outbox.put(NUMBER, "a", 1e9, box.verdicts.append, 600.0)
    assert box.outbox.part_to_send(600.0) is not None
    box.outbox.put(NUMBER, "b", 1e9, box.verdicts.append, 601.0)
    assert box.verdicts[-1] == NotSent(Trouble.NO_CREDIT.value, Trouble.NO_CREDIT)
    box.outbox.sent_part()
    assert list(reversed(box.verdicts))[0] == Sent(1)
    assert not box.credit.is_out
