"""The numbers on every page are those of the help file."""

from __future__ import annotations

from content.catalogue import Catalogue
from content.files import shipped_files
from village_node.web.emergency_numbers import EMERGENCY_NUMBERS, emergency_numbers_of


def test_the_numbers_are_those_that_were_shown_before() -> None:
    assert [(n.shown, n.dialled) for n in EMERGENCY_NUMBERS] == [
        ("110", "110"),
        ("129", "129"),
        ("0800-1000", "08001000"),
    ]


def test_a_change_of_the_help_file_changes_the_pages() -> None:
    files = dict(shipped_files())
    path = "languages/id/help.toml"
    files[path] = files[path].replace(b'number = "0800-1000"', b'number = "0800-0000"')
    assert emergency_numbers_of(Catalogue(files))[2].dialled == "08000000"


def test_they_speak_the_language_of_the_page() -> None:
    assert emergency_numbers_of(Catalogue(language="en"))[0].who == "Police"
