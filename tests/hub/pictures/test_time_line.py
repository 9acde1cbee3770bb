from __future__ import annotations

import pytest

from hub.pictures.drawing import Mark, Picture, Words
from hub.pictures.time_line import MOST_EVENTS, Event, draw_time_line

KINDS = {"in": "Diterima", "step": "Langkah", "answer": "Jawaban", "told": "Dari pelapor", "task": "Tugas"}


def draw(*events: Event) -> Picture:
    return draw_time_line(
        "Garis waktu",
        events,
        KINDS,
        dated="hari ini",
        moment=lambda at: f"t{at:.0f}",
        duration=lambda s: f"{s / 3600:.0f} jam",
    )


def test_events_stand_in_the_order_of_time_with_the_time_between() -> None:
    picture = draw(
        Event(7200, "step", "dibaca"), Event(0, "in", "diterima"), Event(7300, "answer", "dijawab")
    )
    said = [shape.text for shape in picture.shapes if isinstance(shape, Words)]
    assert said[2:9] == ["t0", "diterima", "2 jam kemudian", "t7200", "dibaca", "t7300", "dijawab"]
    assert picture.table.rows == (
        ("t0", "Diterima", "diterima"),
        ("t7200", "Langkah", "dibaca"),
        ("t7300", "Jawaban", "dijawab"),
    )


def test_kinds_differ_by_form_and_not_by_colour() -> None:
    picture = draw(*(Event(at, kind, kind) for at, kind in enumerate(KINDS)))
    marks = [shape for shape in picture.shapes if isinstance(shape, Mark) and shape.size == 7]
    assert len({(mark.form, mark.hollow) for mark in marks}) == len(KINDS)
    assert len({mark.fill for mark in marks}) == 1


def test_the_legend_names_only_what_is_drawn() -> None:
    said = {shape.text for shape in draw(Event(0, "in", "a")).shapes if isinstance(shape, Words)}
    assert "Diterima" in said
    assert "Jawaban" not in said


def test_a_long_history_is_drawn_from_its_end_and_whole_in_the_table() -> None:
    picture = draw(*(Event(at, "step", f"langkah {at}") for at in range(MOST_EVENTS + 5)))
    assert len(picture.table.rows) == MOST_EVENTS + 5
    assert picture.notes == ("5 kejadian yang lebih lama hanya ada di tabel.",)
    assert "langkah 4" not in {shape.text for shape in picture.shapes if isinstance(shape, Words)}


def test_nothing_is_said_to_be_nothing() -> None:
    assert draw().summary == "Belum ada yang tercatat."


def test_a_kind_without_words_is_refused() -> None:
    with pytest.raises(KeyError):
        draw(Event(0, "other", "a"))
