"""Words that are taken out of texts."""

from __future__ import annotations

import pytest
from referral_desk import HIDDEN, NARRATIVE, SECRETS

from hub.referrals.hiding import HIDDEN as MARK
from hub.referrals.hiding import hide, hide_all, propose


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("Melati pergi", "melati", f"{MARK} pergi"),
        ("kata MELATINYA pergi", "Melati", f"kata {MARK} pergi"),
        ("Mèlati dan Me\u200blati dan Ｍｅｌａｔｉ", "Melati", f"{MARK} dan {MARK} dan {MARK}"),
        ("ig: melati_sekar88, @melati.x", "Melati", f"ig: {MARK}, {MARK}"),
        ("Siti  Aminah, siti\naminah", "Siti Aminah", f"{MARK}, {MARK}"),
        ("Mu'min", "mumin", MARK),
        # A short word is hidden whole, with what Indonesian puts behind it, and not inside of others.
        ("Ani dan aninya bukan berani atau animasi", "Ani", f"{MARK} dan {MARK} bukan berani atau animasi"),
        ("kembali ke Bali", "Bali", f"kembali ke {MARK}"),
        ("0812-0000-4321, +62 812 0000 4321, (0812)00004321", "081200004321", f"{MARK}, {MARK}, ({MARK}"),
        (
            "0812\u20110000\u20114321, 0812\u20130000\u20134321, 0812\u22120000 \u2014 4321",
            "081200004321",
            f"{MARK}, {MARK}, {MARK}",
        ),
        (
            "0812_0000_4321 0812\u20220000\u20224321 0812*0000*4321",
            "0812\u20110000\u20114321",
            f"{MARK} {MARK} {MARK}",
        ),
        ("0812-0000-4321", "0812_0000*4321", MARK),
        ("nol delapan satu dua nol nol nol nol empat tiga dua satu", "0812-0000-4321", MARK),
        ("08120000432199", "081200004321", "08120000432199"),
        ("mobil DR 1234 XY, dr-1234-xy, DR1234XY", "DR1234XY", f"mobil {MARK}, {MARK}, {MARK}"),
        ("mobil DR1234XY, DR 12345 XY", "DR 1234 XY", f"mobil {MARK}, DR 12345 XY"),
        ("tetap", "", "tetap"),
        ("tetap", "...", "tetap"),
    ],
)
def test_a_word_is_gone_however_it_is_written(text: str, word: str, left: str) -> None:
    assert hide(text, [word]) == left


def test_overlapping_words_leave_nothing_between_them() -> None:
    assert hide("Melati Sekar Wangi", ["Melati Sekar", "Sekar Wangi"]) == MARK
    assert hide("ab cd", ["ab", "cd"]) == f"{MARK} {MARK}"


def test_everything_nested_is_hidden_and_keys_stay() -> None:
    assert hide_all({"Melati": ["Melati", {"x": "Melati"}], "n": 3}, ("melati",)) == {
        "Melati": [MARK, {"x": MARK}],
        "n": 3,
    }


def test_no_secret_is_left_of_a_narrative() -> None:
    left = hide(NARRATIVE, HIDDEN).casefold()
    assert [secret for secret in SECRETS if secret in left] == []
    assert "empat tiga dua satu" not in left


def test_a_long_text_without_blanks_takes_no_quadratic_time() -> None:
    # A pattern that began anew at each letter would take minutes here, and the suite's patience with it.
    assert hide("a" * 200_000 + "_", ["melati", "081200004321"]) == "a" * 200_000 + "_"


def test_names_numbers_and_places_are_proposed_and_the_recruiter_s_are_not_ticked() -> None:
    found = propose(
        [NARRATIVE, "0813\u20110000\u20119999"],
        recruiters=["Wayan Contoh"],
        recruiter_phones=["081200004321"],
    )
    ticks = {one.word: (one.kind, one.tick) for one in found}
    assert ticks["Melati"] == ("name", True)
    assert ticks["Sekar"][0] == "place", "a district, and here a name: proposed all the same"
    assert ticks["Wayan"] == ("name", False)
    assert ticks["Batam"] == ("place", False)
    assert ticks["081200004321"] == ("phone", False)
    assert ticks["081300009999"] == ("phone", True)
    assert [one.kind for one in found] == sorted(
        (one.kind for one in found), key=["name", "phone", "place"].index
    )
