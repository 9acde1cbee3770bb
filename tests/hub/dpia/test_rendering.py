"""A document as Markdown and as a page."""

from __future__ import annotations

from hub.dpia.rendering import Section, Table, as_html, as_markdown

SECTIONS = [
    Section("Satu", ("Alinea <b>", ("butir satu", "butir | dua"))),
    Section("Dua", (Table(("A", "B"), (("x|y", "<i>\nbaru"),)),)),
]


def test_markdown_keeps_cells_in_their_columns() -> None:
    lines = as_markdown("Judul", SECTIONS).splitlines()
    assert lines[0] == "# Judul"
    assert "Alinea &lt;b>" in lines
    assert "- butir | dua" in lines
    assert "| x\\|y | &lt;i> baru |" in lines


def test_the_page_escapes_and_loads_nothing() -> None:
    page = as_html("Judul <x>", SECTIONS)
    assert page.startswith('<!doctype html>\n<html lang="id">')
    assert "<h1>Judul &lt;x&gt;</h1>" in page
    assert "<td>&lt;i&gt;\nbaru</td>" in page
    assert "<b>" not in page
    for loaded in ("http", "src=", "href=", "url("):
        assert loaded not in page
