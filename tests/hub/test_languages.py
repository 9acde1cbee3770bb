from __future__ import annotations

import copy
import gettext
import json
import pickle
import re
import threading

from markupsafe import Markup, escape

from hub.languages import (
    CATALOGUES,
    DOMAIN,
    ENGLISH,
    N_,
    counted,
    current,
    figures,
    first_large,
    joined,
    speak,
    speaking,
    translate,
)
from hub.web.report_words import LANGUAGE_WORDS


def test_a_marked_text_is_indonesian_as_a_string_and_translated_where_it_is_shown() -> None:
    said = N_("Laporan")
    with speaking("en"):
        assert (said, json.dumps(said), len(said)) == ("Laporan", '"Laporan"', 7), (
            "kept and compared as it is"
        )
        assert (translate(said), f"{said}!", escape(said)) == ("Report", "Report!", "Report")
        assert Markup("<b>{}</b>").format(said) == "<b>Report</b>"
    assert (translate(said), f"{said}!", escape(said)) == ("Laporan", "Laporan!", "Laporan")


def test_what_stands_in_a_text_is_translated_with_it_and_escaped_once() -> None:
    said = N_("%(state)s: %(value)s", state=N_("Risiko"), value="<tinggi>")
    assert said == "Risiko: <tinggi>"
    with speaking("en"):
        assert translate(said) == "Risk: <tinggi>"
        assert escape(said) == "Risk: &lt;tinggi&gt;"


def test_an_error_keeps_its_text_translatable() -> None:
    error = ValueError(N_("Pilih kasus lain."))
    with speaking("en"):
        assert escape(str(error)) == "Choose another case."
    assert str(error) == "Pilih kasus lain."


def test_english_has_a_form_for_one_and_for_many() -> None:
    with speaking("en"):
        assert [translate(counted("%(count)s hari", n)) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert translate(counted("%(count)s hari", 1)) == "1 hari"


def test_small_letters_and_large_ones_are_made_of_the_translation() -> None:
    small = N_("Kasus dibuka").lower()
    assert small == "kasus dibuka"
    with speaking("en"):
        assert f"{small}" == "case opened"
        assert N_("layar dinding").capitalize() == "Wall view"
        assert first_large(N_("perintah (SMS)")) == "Command (SMS)"
        assert joined(", ", [N_("Telepon"), "x"]) == "Phone, x"


def test_figures_are_written_as_who_looks_writes_them() -> None:
    assert (figures(12_345), figures("1,234.5")) == ("12.345", "1.234,5")
    with speaking("en"):
        assert (figures(12_345), figures("1,234.5")) == ("12,345", "1,234.5")


def test_an_unknown_tag_is_indonesian_and_a_language_stays_in_its_thread() -> None:
    speak("xx")
    assert current() == "id"
    found = []
    with speaking(ENGLISH.tag):
        other = threading.Thread(target=lambda: found.append(current()))
        other.start()
        other.join()
    assert found == ["id"]


def test_a_copy_is_as_translatable() -> None:
    said = counted("%(count)s hari", 2)
    for twin in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        with speaking("en"):
            assert translate(twin) == "2 days"


# Numbers that are never one: limits of the programs, and texts that are shown from two on.
_LIMITS = re.compile(
    r"most|least|length|rows|columns|cells|format|full|silent_days|longest_days|requests|refresh_after_s"
    r"|\w+_at_most|\w+_max_characters|rows_most|most_rows"
)
_FROM_TWO_ON = (
    "%(shown)s of %(count)s boxes are shown.",
    "%(shown)s of %(all)s are shown.",
    "Showing %(count)s of %(count2)s reports.",
    "had not been heard for more than %(days)s days",
    "it goes out in about %(days)s days.",
    "an SMS of %(parts)s parts never goes",
    "results of verification (%(confirmed)s confirmed) of %(reports)s reports",
    "%(len)s events, from ",
    "%(len)s weeks, %(first)s",
    "%(number)s are about one person of interest",
    "Also to %(people)s subscribers by Telegram.",
    "of %(rang)s urgent reports were read within 15 minutes; rounded up.",
    "%(weeks)s weeks: %(sessions)s",
    "in the last %(weeks)s weeks: ",
    "true or false in %(weeks)s weeks: ",
    "once in %(weeks)s weeks",
)


def test_an_english_text_whose_number_can_be_one_has_a_form_for_one() -> None:
    """No "1 parts each": such a text takes `counted` or `{% pluralize %}`, or says "parts: 1"."""
    texts: dict[object, str] = gettext.translation(DOMAIN, CATALOGUES, ["en"])._catalog  # type: ignore[attr-defined]
    several = re.compile(r"%\((\w+)\)s (?:[a-z]+ )?(?!this|less)([a-z]+[^s\W]s|people|are|have|were)\b")
    single = {"as", "has", "was", "does", "holds", "exists", "is", "its"}
    found = [
        f"{hit[0]!r} in {text!r}"
        for key, text in texts.items()
        if not isinstance(key, tuple) and not any(known in text for known in _FROM_TWO_ON)
        for hit in several.finditer(text)
        if hit[2] not in single and hit[1] != "percent" and not _LIMITS.fullmatch(hit[1])
    ]
    assert not found, "these say something like '1 parts'"


def test_languages_are_named_as_languages() -> None:
    """No "Javanese to Indonesia": the machine's readings and the gaps say what the reports say."""
    with speaking("en"):
        named = {tag: translate(word) for tag, word in LANGUAGE_WORDS.items()}
    assert (named["id"], named["jv"]) == ("Indonesian", "Javanese")
    assert not {"Indonesia", "bahasa"} & {word for said in named.values() for word in said.split()}
