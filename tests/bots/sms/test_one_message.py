"""Answers fit into one SMS, or are refused when they are made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sms.one_message import OneMessage, Size, TooLong, fit, plain, size_of
from firmware_bridge.sms_alphabet import septets_of
from firmware_bridge.sms_pdu import Alphabet, split_text

INDONESIAN = (
    "“Terima kasih” – laporan Anda sudah kami terima… "
    "Simpan kode ini: MELATI’DUA • jangan beri tahu siapa pun\u00a0ya"
)


def test_indonesian_with_typographic_signs_stays_in_the_plain_alphabet() -> None:
    written = fit(INDONESIAN)
    assert septets_of(written) is not None
    assert written.startswith('"Terima kasih" - laporan Anda sudah kami terima...')


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("désa bâdâ pelabuân", "désa bada pelabuan"),  # é is in the alphabet, â is not
        ("Ō ñ É ê ḍ", "O ñ É e d"),
        ("日本", "日本"),
        ("ﬁrma ①", "firma 1"),
    ],
)
def test_letters_lose_only_accents_that_sms_lacks(text: str, written: str) -> None:
    assert plain(text) == written


@given(st.text(max_size=400))
def test_what_fits_is_one_sms_and_what_does_not_is_refused(text: str) -> None:
    try:
        written = fit(text)
    except TooLong:
        assert len(split_text(plain(text), 1)) > 1
    else:
        assert len(split_text(written, 1)) == 1
        assert plain(written) == written


def test_the_room_is_counted_in_what_is_sent() -> None:
    assert size_of("a" * 158 + "€") == Size(160, 160)
    assert not size_of("a" * 159 + "€").fits
    assert size_of("日" * 70).fits
    assert not size_of("😀" * 36).fits


def test_a_text_is_refused_when_it_is_made_and_not_when_it_is_sent() -> None:
    with pytest.raises(TooLong, match="160 fit"):
        OneMessage("a" * 150 + " {code}", code="X" * 10)
    with pytest.raises(ValueError, match="blanks"):
        OneMessage("Kode: {code}")
    with pytest.raises(ValueError, match="blanks"):
        OneMessage("Kode", code="X")


def test_a_filled_text_is_one_sms_in_the_plain_alphabet() -> None:
    text = OneMessage(
        "Terima kasih. Simpan kode ini: {code}. Balas STATUS {code} – nanti.", code="MELATI-" * 4
    )
    (part,) = split_text(text.fill(code="MELATI-SATU-DUA"), 1)
    assert part.alphabet is Alphabet.GSM7


@pytest.mark.parametrize("code", ["X" * 11, "日本"])
def test_a_value_that_takes_more_room_is_refused_and_not_repeated(code: str) -> None:
    text = OneMessage("Kode: {code}", code="X" * 10)
    with pytest.raises(TooLong) as refused:
        text.fill(code=code)
    assert code not in str(refused.value)
