from __future__ import annotations

import io

import pytest
from PIL import Image
from small_media import GPS, HEIC, SECRET, jpeg, png, png_bomb, webp

from sync.media.pictures import LONGEST_SIDE, clean_picture
from sync.media.refusals import MediaRefused, Refusal


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def test_the_sample_tells_what_must_not_be_told() -> None:
    exif = opened(jpeg()).getexif()
    assert exif.get_ifd(0x8825)[2] == GPS
    assert jpeg().count(SECRET) >= 3
    assert all(SECRET in sample for sample in (png(), webp()))


@pytest.mark.parametrize("content", [jpeg(), png(), webp()], ids=["jpeg", "png", "webp"])
def test_only_pixels_go_on(content: bytes) -> None:
    clean = clean_picture(content)
    picture = opened(clean)
    assert (picture.format, picture.size) == ("JPEG", (64, 48))
    assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not picture.getexif()
    for word in (SECRET, b"Exif", b"GPS", b"xap", b"ICC_PROFILE", b"\xff\xe1", b"\xff\xe2", b"\xff\xfe"):
        assert word not in clean


def test_what_lies_behind_a_picture_does_not_come_along() -> None:
    hidden = b"PK\x03\x04" + SECRET + b"<script>alert(1)</script>"
    clean = clean_picture(jpeg(behind=hidden))
    assert clean.endswith(b"\xff\xd9")
    assert b"script" not in clean
    assert b"PK\x03\x04" not in clean


def test_a_large_picture_is_shrunk_and_keeps_its_shape() -> None:
    assert opened(clean_picture(jpeg((3000, 1000)))).size == (LONGEST_SIDE, 427)
    assert opened(clean_picture(png((100, 2560)))).size == (50, LONGEST_SIDE)


@pytest.mark.parametrize(("turn", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_it_stands_upright(turn: int, corner: tuple[int, int]) -> None:
    picture = opened(clean_picture(jpeg(turn=turn)))
    width, height = picture.size
    assert (width > height) == (turn < 5)
    at = (width - 5 if corner[0] else 4, height - 5 if corner[1] else 4)
    red, _, blue = picture.getpixel(at)  # type: ignore[misc]
    assert blue > 200 > 60 > red  # the blue corner of the sample


def test_what_is_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(clean_picture(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (HEIC, Refusal.HEIC),
        (b"", Refusal.NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.NO_PICTURE),
        (b"GIF89a" + bytes(100), Refusal.NO_PICTURE),
        (b"MZ" + bytes(100), Refusal.NO_PICTURE),
        (jpeg((600, 400))[:-2000], Refusal.BROKEN),
        (jpeg()[:50], Refusal.BROKEN),
        (png()[:-40], Refusal.BROKEN),
        (b"\xff\xd8\xff" + bytes(500), Refusal.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), Refusal.BROKEN),
        (png_bomb(), Refusal.TOO_MANY_PIXELS),
    ],
    ids=["heic", "empty", "svg", "gif", "exe", "cut", "head", "cut png", "junk", "junk png", "bomb"],
)
def test_what_is_refused_says_why(content: bytes, refusal: Refusal) -> None:
    with pytest.raises(MediaRefused) as refused:
        clean_picture(content)
    assert refused.value.refusal is refusal
    assert str(refused.value) == refusal.value
