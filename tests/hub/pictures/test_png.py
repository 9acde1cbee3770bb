from __future__ import annotations

import io

from PIL import Image

from hub.pictures.drawing import Box, Picture, Table, Words
from hub.pictures.png import as_png

TABLE = Table("Tabel", (), ())


def pixels(*shapes: Words | Box) -> Image.Image:
    picture = Picture("Judul", "Ringkasan.", 60, 30, shapes, TABLE)
    return Image.open(io.BytesIO(as_png(picture))).convert("RGB")


def test_a_png_has_half_as_many_pixels_more_and_the_colours_of_the_picture() -> None:
    image = pixels(Box(10, 10, 20, 10, fill="#a11212"))
    assert image.size == (90, 45)
    assert image.getpixel((30, 22)) == (0xA1, 0x12, 0x12)
    assert image.getpixel((5, 5)) == (0xFF, 0xFD, 0xF9)


def test_words_are_drawn_without_any_typeface_of_the_system() -> None:
    dark = [sum(1 for p in pixels(*shapes).convert("L").tobytes() if p < 100) for shapes in ((), (LINE,))]
    assert dark[0] == 0
    assert dark[1] > 100


LINE = Words(5, 20, "Laporan")
