"""Reading level: sentences, syllables and the school year."""

from __future__ import annotations

import pytest

from content.readability import reading_level, sentences_of, syllables_of


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("saya", 2),
        ("paspor", 2),
        ("kalau", 2),
        ("ramai", 2),
        ("survei", 2),
        ("daerah", 3),
        ("dua", 2),
        ("keluarga", 4),
        ("hati-hati", 4),
        ("pertanggungjawaban", 6),
        ("PT", 2),
        ("dan", 1),
    ],
)
def test_syllables_of_indonesian_words(word: str, syllables: int) -> None:
    assert syllables_of(word) == syllables


def test_sentences_end_at_marks_and_texts() -> None:
    assert sentences_of("Tanya: siapa? Jangan takut! 110.") == ["Tanya", "siapa", "Jangan takut"]
    level = reading_level(["Satu kata lagi", "Dua kata. Tiga kata lagi."])
    assert (level.sentences, level.words, level.longest_sentence) == (3, 8, 3)


def test_numbers_and_dots_inside_do_not_end_a_sentence() -> None:
    assert len(sentences_of("Lihat peduliwni.kemlu.go.id atau bayar 1.000 rupiah saja.")) == 1


def test_the_grade_is_that_of_the_formula_with_six_tenths_of_the_syllables() -> None:
    level = reading_level(["Saya mau kerja di luar negeri."])
    assert (level.words, level.syllables) == (6, 11)
    assert level.grade == pytest.approx(0.39 * 6 + 11.8 * 0.6 * 11 / 6 - 15.59)


def test_long_official_words_read_harder_than_village_words() -> None:
    official = reading_level(["Penyelenggaraan ketenagakerjaan mempersyaratkan keterpenuhan administrasi."])
    village = reading_level(["Kalau mau kerja jauh, surat harus lengkap. Tanya dulu ke desa."])
    assert official.grade > 12 > 6 > village.grade


def test_no_text_has_no_level() -> None:
    level = reading_level([])
    assert (level.words_a_sentence, level.syllables_a_word, level.grade) == (0, 0, 0)
