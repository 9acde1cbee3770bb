from __future__ import annotations

from zlib import crc32

from sync.wire.said import NOTHING_SAID, Said, Texts, said_by


def test_fields_say_their_value_and_absent_ones_nothing() -> None:
    flat: dict[str, object] = {"kind": "victim", "narrative": "x", "place": "52.02.08.2001"}
    assert said_by(flat, ["narrative"]) == Said(kind="victim", place="52.02.08.2001")


def test_a_field_that_the_text_model_gets_itself_says_nothing() -> None:
    """A reader has it only after the texts; while it waits, `None` stands in its place."""
    written: dict[str, object] = {"kind": "other", "language": "bahasa isyarat"}
    read: dict[str, object] = {"kind": "other", "language": None}
    paths = ["narrative", "language"]
    assert said_by(written, paths) == said_by(read, paths) == Said(kind="other")


def test_numbers_are_the_same_everywhere() -> None:
    said = Said("victim", "sms", "jv", "52.02.08.2001")
    assert said.numbers() == (crc32(b"victim"), crc32(b"sms"), crc32(b"jv"), crc32(b"52"))
    assert NOTHING_SAID.numbers() == (0, 0, 0, 0)


def test_a_place_has_the_names_of_all_areas_around_it() -> None:
    assert Said(place="52.02.08.2001").names() == (
        "Pringgarata Pringgarata Kabupaten Lombok Tengah Nusa Tenggara Barat"
    )
    assert Said(place="52.02").names() == "Kabupaten Lombok Tengah Nusa Tenggara Barat"
    assert Said(place="52.02.99").names() == "Kabupaten Lombok Tengah Nusa Tenggara Barat"
    assert Said(place="00.01").names() == NOTHING_SAID.names() == ""


def test_texts_make_one_row() -> None:
    assert Texts([0, 3], ["a\u00e9", ""]).row() == b"a\xc3\xa9\xff\xff"
