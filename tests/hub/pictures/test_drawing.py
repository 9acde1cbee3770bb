from __future__ import annotations

from xml.etree import ElementTree

from hub.pictures.drawing import Box, Land, Mark, Picture, Stroke, Table, Words, as_svg, grouped, shortened

TABLE = Table("Tabel", ("Apa",), (("satu",),))


def picture(*shapes: Words | Box | Mark | Stroke | Land, title: str = "Judul") -> Picture:
    return Picture(title, "Ringkasan.", 100, 50, shapes, TABLE)


def test_each_shape_has_one_form_as_text() -> None:
    drawn = as_svg(
        picture(
            Words(1, 2.25, "halo", 12, "middle", bold=True),
            Box(1, 2, 3, 4, dashed=True),
            Mark(5, 5, 2, "diamond", "#000000"),
            Stroke(0, 0, 1, 1),
            Land((((0, 0), (1, 0), (1, 1)),)),
        ),
        ident="uji",
    )
    assert drawn == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100" height="50" role="img" '
        'aria-labelledby="uji-title uji-text" font-family="system-ui, sans-serif">\n'
        '<title id="uji-title">Judul</title>\n'
        '<desc id="uji-text">Ringkasan.</desc>\n'
        '<rect width="100" height="50" fill="#fffdf9"/>\n'
        '<text x="1" y="2.2" font-size="12" fill="#1c1b19" text-anchor="middle" font-weight="700">'
        "halo</text>\n"
        '<rect x="1" y="2" width="3" height="4" fill="none" stroke="#1c1b19" stroke-width="1.5" '
        'stroke-dasharray="4 3"/>\n'
        '<polygon points="5,3 7,5 5,7 3,5" fill="#000000" stroke="#fffdf9"/>\n'
        '<line x1="0" y1="0" x2="1" y2="1" stroke="#b9b2a5"/>\n'
        '<path d="M0 0L1 0L1 1Z" fill="#ece4d3" stroke="#b9b2a5" stroke-width="0.7"/>\n'
        "</svg>\n"
    )


def test_words_from_outside_stay_words() -> None:
    drawn = as_svg(picture(Words(0, 0, '<script>&"')), ident="a")
    assert "<script>" not in drawn
    texts = [node.text for node in ElementTree.fromstring(drawn).iter() if node.tag.endswith("}text")]
    assert texts == ['<script>&"']


def test_no_picture_has_a_style_that_the_pages_forbid() -> None:
    assert "style" not in as_svg(picture(Words(0, 0, "a"), Mark(1, 1, 1)))


def test_minus_nothing_is_nothing() -> None:
    assert 'x="0"' in as_svg(picture(Words(-0.01, 1, "a")))


def test_texts_are_cut_at_a_length_and_numbers_grouped() -> None:
    assert shortened("satu  dua\ntiga", 8) == "satu du\u2026"
    assert shortened("satu", 4) == "satu"
    assert grouped(1234567) == "1.234.567"
