from __future__ import annotations

import copy
import json
import pickle
import threading

from markupsafe import Markup, escape

from hub.languages import (
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
