"""Reasons in words: Indonesian and English, of counts alone."""

from __future__ import annotations

from hub.languages import joined, speaking
from hub.signals.finding import Sort
from hub.warning.reasons import Facts, Found, chance_in_words, in_words

EXCESS = Found("excess", "all", 2, 5.0, 0.0, 1.0, 0.0004, 3)


def said(language: str, found: Found | None, facts: Facts, today: int = 0) -> str:
    with speaking(language):
        return joined("; ", in_words(found, facts, today))


def test_a_rise_is_told_with_what_is_usual_and_what_the_reports_share() -> None:
    facts = Facts(5, same_phone=2, same_company=3, same_recruiter=2, minors=1, departures=(2, 3))
    assert said("id", EXCESS, facts) == (
        "5 laporan dalam 2 minggu, biasanya 0 sampai 1; dari paling sedikit 3 pelapor yang berbeda; "
        "2 menyebut nomor telepon yang sama; 3 menyebut perusahaan yang sama; "
        "2 tentang satu orang yang diperhatikan; 1 menyebut anak di bawah 18; 1 keberangkatan dalam 48 jam"
    )
    assert said("en", EXCESS, facts) == (
        "5 reports in 2 weeks (usual: 0 to 1); from at least 3 different reporters; "
        "2 name the same phone number; 3 name the same company; "
        "2 are about one person of interest; 1 tells of a child under 18; 1 departure within 48 hours"
    )


def test_a_silence_and_a_box_that_is_offline_are_told_apart() -> None:
    silent = Found(Sort.SILENCE, "all", 6, 0.0, 2.0, 5.0, 0.001)
    offline = Found(Sort.OFFLINE, "all", 1, 0.0, 0.0, 0.0, 1.0)
    assert said("en", silent, Facts()) == ("0 reports in 6 weeks (usual: 2 to 5); its village box is heard")
    assert said("en", offline, Facts()) == "the village box was not heard for 1 week"
    other = Found("excess", "other", 1, 1234.5, 900.0, 1000.0, 0.01)
    assert (
        said("id", other, Facts())
        == "1.234,5 dalam data lembaga lain dalam 1 minggu, biasanya 900 sampai 1.000"
    )
    assert said("en", None, Facts(reports=1)) == "1 report"


def test_a_chance_is_told_as_weeks() -> None:
    with speaking("en"):
        assert f"{chance_in_words(0.0004)}" == "in usual weeks about once in 2,500 weeks"
        assert f"{chance_in_words(1e-9)}" == "not once in a million usual weeks"
        assert f"{chance_in_words(0.9)}" == "usual weeks often have as many"
    assert chance_in_words(None) is chance_in_words(0.0) is None
