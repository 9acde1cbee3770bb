"""The check: shipped material passes, and each thing that may be wrong is found."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from content.catalogue import Catalogue
from content.check import EVERY_PAYMENT, load_everything, problems, untranslated, warnings
from content.errors import ContentRefused

Replace = Callable[[str, str, str], dict[str, bytes]]
LESSON = "languages/id/lessons/biaya.toml"
LONG = "Kata " * 21


def without_english(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out what is not looked at, so that the check takes half the time."""
    return {path: data for path, data in files.items() if not path.startswith("languages/en/")}


def test_the_shipped_material_passes(shipped: dict[str, bytes], today: datetime.date) -> None:
    assert problems(shipped) == ()
    assert warnings(shipped, today) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (LESSON, 'facts = ["modus_uang_muka"]', 'facts = ["tidak_ada"]', "screen 4: no fact tidak_ada"),
        (LESSON, 'facts = ["modus_uang_muka"]', "", "screen 4: names no fact"),
        (
            LESSON,
            'facts = ["modus_uang_muka"]',
            'facts = ["lpsk_menghitung"]',
            "screen 4: rests on lpsk_menghitung",
        ),
        (LESSON, 'icon = "chain"', 'icon = "rantai"', "screen 5: no icon rantai"),
        (LESSON, " (tokoh rekaan)", "", 'must be marked "tokoh rekaan"'),
        (LESSON, "Utang dibuat terus bertambah.", LONG + "lagi.", "a sentence of 22 words"),
        (
            LESSON,
            "Tanya {kp2mi} atau",
            "Tanya 0800-1000 atau",
            r"holds the number 0800-1000: write \{kp2mi\}",
        ),
        (
            LESSON,
            "Minta kuitansi untuk setiap rupiah.",
            "Semua biaya itu kejahatan.",
            "every payment is a crime",
        ),
        (LESSON, "minutes = 35\n", "", "minutes must be a whole number"),
        ("languages/id/quizzes/tawaran.toml", 'lesson = "perekrut"', 'lesson = "lain"', "no lesson lain"),
        ("languages/id/order.toml", '"tawaran", ', "", "quizzes/tawaran.toml: not in order.toml"),
        ("languages/id/order.toml", '"tawaran", ', "", "3 quizzes; at least 4"),
        (
            "languages/id/facts.toml",
            'old = "Tanggal sumber tidak tercatat. Tanyakan ke KP2MI."\n',
            "",
            "its source is undated",
        ),
        ("languages/id/facts.toml", 'key = "umur_18"', 'key = "umur_19"', "umur_19: nothing rests on it"),
        (
            "languages/id/help.toml",
            "Nomor pusat belum pasti, jadi",
            "Nomor pusat ada, jadi",
            "help, kbri: not verified",
        ),
        ("languages/id/agency_words.toml", "bukan berarti ilegal", "berarti ilegal", "must say"),
        ("languages/id/radio.toml", "Awas: ada", "Awas: " + "ada " * 20, "at most 140 bytes"),
        ("icons/boat.svg", "<path", "<script", "icons/boat.svg: must be one svg"),
        ("agencies/p3mi.toml", "firms = 5", "firms = 4", "firms must be 5"),
        ("languages/en/facts.toml", 'key = "umur_18"', 'key = "age_18"', "languages/en/facts.toml"),
    ],
)
def test_each_fault_is_found(replace: Replace, path: str, old: str, new: str, said: str) -> None:
    changed = replace(path, old, new)
    if not path.startswith("languages/en/"):
        changed = without_english(changed)
    found = problems(changed)
    assert [line for line in found if re.search(said, line)], found


def test_an_unverified_number_must_not_stand(replace: Replace) -> None:
    changed = replace(
        "languages/id/help.toml", 'who = "Bantuan hukum"', 'who = "Bantuan hukum"\nnumber = "0800-0000"'
    )
    assert [line for line in problems(changed) if "hukum: a number that was seen in no source" in line]


def test_an_unverified_fact_that_sounds_certain_is_found(replace: Replace) -> None:
    changed = replace(
        "languages/id/facts.toml",
        "LPSK biasanya membantu menghitung dan mengajukan restitusi. Caranya belum kami periksa.",
        "LPSK membantu menghitung dan mengajukan restitusi.",
    )
    assert "facts, lpsk_menghitung: not verified, so its text must say that it is not sure" in problems(
        changed
    )


def test_sources_that_grow_old_are_a_warning_with_what_to_do_from_that_day_on(
    shipped: dict[str, bytes], replace: Replace
) -> None:
    assert warnings(shipped, datetime.date(2026, 12, 31)) == ()
    after = warnings(shipped, datetime.date(2027, 1, 1))
    assert [line for line in after if line.startswith("facts, modus_cepat: ") and "set dated" in line]
    assert all("over a year old" in line for line in after)
    changed = replace("languages/id/help.toml", 'old = "Keadaan 2024. Coba dulu."\n', "")
    assert [
        line for line in warnings(changed, datetime.date(2026, 11, 26)) if line.startswith("help, lapor: ")
    ]
    assert warnings({}, datetime.date(2027, 1, 1)) == ()


def test_a_quiz_whose_answers_are_one_letter_is_found(files: dict[str, bytes]) -> None:
    path = "languages/id/quizzes/tawaran.toml"
    files[path] = files[path].replace(b'answer = "c"', b'answer = "b"')
    assert "quiz tawaran: more than 4 answers are the same letter" in problems(files)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("semua bayaran itu kejahatan", True),
        ("setiap biaya adalah ilegal", True),
        ("segala pungutan melanggar hukum", True),
        ("tidak semua bayaran itu kejahatan", False),
        ("jangan bilang bukan semua biaya ilegal", False),
        ("minta kuitansi untuk setiap rupiah", False),
        ("setiap biaya harus jelas. penipuan itu kejahatan", False),
    ],
)
def test_the_claim_about_payments_is_known_by_its_words(text: str, claims: bool) -> None:
    assert bool(EVERY_PAYMENT.search(text)) is claims


def test_material_without_its_language_is_one_problem() -> None:
    assert problems({}) == ("no material in that language; there is ",)


def test_many_broken_files_give_problems_and_no_error(shipped: dict[str, bytes]) -> None:
    files = without_english(shipped)
    for path in files:
        if path.startswith("languages/id/"):
            assert problems({**files, path: b"= broken"}), path


def test_what_does_not_load_is_refused_whole(files: dict[str, bytes]) -> None:
    load_everything(Catalogue(files))
    files["icons/star.svg"] = b"<svg onload='x'/>"
    with pytest.raises(ContentRefused, match=r"icons/star\.svg"):
        load_everything(Catalogue(files))


def test_what_is_not_translated_yet_is_counted(shipped: dict[str, bytes]) -> None:
    left = untranslated(shipped, "en")
    assert "offer_check" not in left
    assert "facts" not in left
    assert left["lessons/biaya"] > 10


def test_one_word_for_online_in_all_that_people_read(shipped: dict[str, bytes]) -> None:
    root = Path(__file__).parents[2]
    texts = {path: data.decode() for path, data in shipped.items() if path.startswith("languages/id/")}
    for folder in ("village_node/web", "hub/web"):
        files = [*(root / folder).rglob("*.html"), *(root / folder).glob("*.py")]
        texts |= {str(file.relative_to(root)): file.read_text("utf-8") for file in files}
    assert not [path for path, text in texts.items() if re.search(r"(?<![\w_])daring(?![\w_])", text.lower())]
