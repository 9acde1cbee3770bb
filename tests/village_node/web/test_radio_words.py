"""The radio part of the facilitator's page: words and days, nothing that counts reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from facilitator import client_over

from sync.link_quality import Grade, day_number
from tests.village_node.web.conftest import Page
from tests.village_node.web.test_facilitator_app import STATUS
from village_node.link_days import link_status
from village_node.link_meter import LinkCounts, LinkMeter
from village_node.web.radio_words import radio_part

NOW_S = 1_795_650_000  # 26 November 2026
TODAY = day_number(NOW_S)


def day(asked: int, answered: int, margin_db: float = 12.0, **more: Any) -> LinkCounts:
    counts = LinkCounts(
        questions_asked=asked,
        questions_answered=answered,
        frames_heard=answered,
        **{"seconds": 86_400.0, **more},
    )
    if answered:
        counts.margin_db.note(margin_db)
        counts.hops.note(1)
        counts.channel_used.note(0.3)
    return counts


class KnownMeter(LinkMeter):
    """A meter that has seen one stretch of time."""

    def __init__(self, counts: LinkCounts) -> None:
        super().__init__(0.0)
        self._open.add(counts)


def status(
    days: dict[int, LinkCounts], now: LinkCounts | None = None, today_s: int | None = NOW_S
) -> dict[str, Any]:
    meter = KnownMeter(now or LinkCounts())
    link = link_status(days, today_s=today_s, duty_cycle=0.1, meter=meter, now=0.0)
    return {**STATUS, "link": link}


def read(found: dict[str, Any]) -> tuple[str, Page]:
    response = client_over(lambda: found).get("/keadaan")
    assert response.status_code == 200
    text = re.sub(r'(name="form_token" value=)"[0-9a-f]+"', r'\1""', response.text)
    return text, Page(re.sub(r"<(\w+)([^<>]*)/>", r"<\1\2></\1>", text))


class TestWords:
    @pytest.mark.parametrize(
        ("now", "word", "advice"),
        [
            (day(8, 8), "bagus", None),
            (day(8, 5), "sedang", "antena"),
            (day(9, 1), "lemah", "hubungi petugas"),
            (day(9, 0), "tidak ada", "berkas kurir"),
            (LinkCounts(), "belum ada ukuran", None),
        ],
    )
    def test_one_word_and_what_to_do(self, now: LinkCounts, word: str, advice: str | None) -> None:
        part = radio_part(status({}, now))
        assert part is not None
        assert part.word == word
        assert bool(part.advice) == (advice is not None)
        assert advice is None or advice in " ".join(part.advice)

    def test_a_radio_without_its_cable_is_no_link_whatever_was_before(self) -> None:
        found = status({}, day(8, 8))
        found["radio"] = {"connected": False, "number": None, "problem": "gone"}
        part = radio_part(found)
        assert part is not None
        assert part.grade is Grade.NONE
        assert "kabel" in " ".join(part.advice)

    def test_facts_are_words(self) -> None:
        part = radio_part(status({TODAY: day(8, 8, airtime_ms=86_400_000 * 0.1 * 0.6)}, day(8, 5, 5.0)))
        assert part is not None
        assert dict(part.facts) == {
            "Kekuatan sinyal": "cukup",
            "Pusat menjawab": "sering",
            "Jalan ke pusat": "lewat 1 radio perantara",
            "Saluran radio": "ramai",
            "Waktu kirim terpakai, tujuh hari ini": "setengah sampai tiga perempat jatah",
        }

    def test_nothing_measured_is_said_to_be_so(self) -> None:
        part = radio_part(status({}))
        assert part is not None
        assert {word for _, word in part.facts} == {"belum ada ukuran"}

    @pytest.mark.parametrize("missing", ["link", "radio"])
    def test_a_box_without_a_radio_has_no_such_part(self, missing: str) -> None:
        found = status({TODAY: day(8, 8)})
        found[missing] = None
        assert radio_part(found) is None
        assert "<svg" not in read(found)[0]


class TestPicture:
    DAYS = {TODAY: day(8, 8), TODAY - 1: day(8, 5), TODAY - 2: day(9, 1), TODAY - 4: day(9, 0)}

    def test_fourteen_days_end_today_and_empty_ones_stay_empty(self) -> None:
        part = radio_part(status(self.DAYS))
        assert part is not None
        assert [bar.height for bar in part.bars][-6:] == [0, 0, 0, 1, 2, 3]
        assert (part.bars[0].date, part.bars[-1].date, len(part.bars)) == ("13 Nov", "26 Nov", 14)
        assert part.summary == (
            "1 hari bagus, 1 hari sedang, 1 hari lemah, 1 hari tidak ada, 10 hari belum ada ukuran"
        )

    def test_it_is_read_by_eye_and_by_ear(self) -> None:
        text, page = read(status(self.DAYS))
        [svg] = page.all("svg")
        assert svg["role"] == "img"
        described = [page.by_id(name).text for name in svg["aria-labelledby"].split()]
        assert described[0] == "Radio 14 hari ini"
        assert "1 hari lemah" in described[1]
        bars = [element for element in page.elements if element.tag == "rect"]
        assert [int(bar["height"]) for bar in bars] == [27, 54, 81]
        rows = re.findall(r'<tr><th scope="row">(.+?)</th><td>(.+?)</td></tr>', text)
        assert rows[:3] == [("26 Nov", "bagus"), ("25 Nov", "sedang"), ("24 Nov", "lemah")]
        assert len(rows) == 14

    def test_it_needs_no_script_and_loads_nothing(self) -> None:
        text, _ = read(status(self.DAYS))
        assert not re.search(r"<script|<img|<image|href=\"?http|url\(|style=", text)

    def test_without_a_date_there_is_no_picture(self) -> None:
        text, _ = read(status({}, day(8, 8), today_s=None))
        assert "<svg" not in text
        assert "belum tahu tanggal" in text


@pytest.mark.parametrize(
    "more",
    [
        lambda: {"frames_sent": 500, "envelopes_sent": 90, "envelopes_again": 12},
        lambda: {"airtime_ms": 400_000.0},
        lambda: {"silences": 4},
    ],
)
def test_a_busy_day_looks_like_a_quiet_one(more: Callable[[], dict[str, Any]]) -> None:
    # How much was sent would tell the village that somebody reported on that day (design D8).
    quiet = {TODAY - ago: day(4, 4, airtime_ms=4_000.0) for ago in range(14)}
    busy = dict(quiet)
    busy[TODAY - 3] = day(40, 40, **{"airtime_ms": 4_000.0, **more()})
    assert read(status(quiet, quiet[TODAY]))[0] == read(status(busy, quiet[TODAY]))[0]
