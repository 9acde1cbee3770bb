from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
import segno
from PIL import Image, ImageFilter

from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import to_lines, to_qr
from village_node import enrolment_reading
from village_node.enrolment_reading import read_enrolment

ONE = Enrolment(
    7,
    "52.02.08.2001",
    "Pringgarata",
    "Hub Contoh",
    hub_public=bytes(range(1, 33)),
    psk=bytes(range(2, 34)),
    hub_signing_public=bytes(range(3, 35)),
    hub_url="https://hub.example",
    enrolled_at=1_790_000_000,
)


def picture(text: str) -> Image.Image:
    made = BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="png", scale=6, border=4)
    return Image.open(made).convert("RGB")


def photo(*codes: str) -> bytes:
    """A large grey table with codes on it, askew and not quite sharp, as JPEG."""
    table = Image.new("RGB", (1200 * len(codes), 1300), (120, 110, 100))
    for place, code in enumerate(codes):
        paper = picture(code).rotate(12, expand=True, fillcolor="white").resize((760, 760))
        table.paste(paper.filter(ImageFilter.GaussianBlur(0.8)), (200 + 1200 * place, 300))
    made = BytesIO()
    table.save(made, "JPEG", quality=60)
    return made.getvalue()


def test_a_file_its_code_and_typed_lines_are_read() -> None:
    for text in (ONE.to_text(), to_qr(ONE), "\n".join(to_lines(ONE)).lower()):
        assert read_enrolment(text.encode()) == ONE


def test_a_photo_of_the_qr_code_is_read() -> None:
    assert read_enrolment(photo(to_qr(ONE))) == ONE


def test_a_photo_without_the_code_says_how_to_take_one() -> None:
    with pytest.raises(EnrolmentRefused, match="straight above"):
        read_enrolment(photo("https://example.org"))
    with pytest.raises(EnrolmentRefused, match="several"):
        read_enrolment(photo(to_qr(ONE), to_qr(replace(ONE, node_number=8))))


def test_what_is_no_picture_or_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EnrolmentRefused, match="JPEG"):
        read_enrolment(b"\xff\xd8\xff" + bytes(100))
    for kind in ("EPS", "TIFF", "BMP"):  # EPS is given to Ghostscript
        other = BytesIO()
        Image.open(BytesIO(photo(to_qr(ONE)))).save(other, kind)
        with pytest.raises(EnrolmentRefused, match="JPEG"):
            read_enrolment(other.getvalue() + b"\xff")
    monkeypatch.setattr(enrolment_reading, "MAX_PIXELS", 1000)
    with pytest.raises(EnrolmentRefused, match="megapixels"):
        read_enrolment(photo(to_qr(ONE)))
    monkeypatch.setattr(enrolment_reading, "MAX_BYTES", 1000)
    with pytest.raises(EnrolmentRefused, match="20 MB"):
        read_enrolment(photo(to_qr(ONE)))


def test_another_code_beside_it_and_a_second_copy_do_no_harm() -> None:
    assert read_enrolment(photo(to_qr(ONE), "8991234567890")) == ONE
    assert read_enrolment(photo(to_qr(ONE), to_qr(ONE))) == ONE


def test_a_file_that_an_editor_marked_is_read() -> None:
    assert read_enrolment(b"\xef\xbb\xbf" + ONE.to_text().encode()) == ONE
