"""Answers stay in the plain alphabet of SMS wherever they can."""

from __future__ import annotations

import pytest

from bots.sms.one_message import plain
from firmware_bridge.sms_alphabet import septets_of

INDONESIAN = (
    "“Terima kasih” – laporan Anda sudah kami terima… "
    "Simpan kode ini: MELATI’DUA • jangan beri tahu siapa pun\u00a0ya"
)


def test_indonesian_with_typographic_signs_stays_in_the_plain_alphabet() -> None:
    written = plain(INDONESIAN)
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
