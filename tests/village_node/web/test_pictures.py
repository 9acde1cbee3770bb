from __future__ import annotations

import re

from sync.sealing.receipt_code import PICTURES
from village_node.web.pictures import NAMES, picture, qr_code


def test_the_order_of_the_pictures_never_changes() -> None:
    assert NAMES == (
        "ikan", "rumah", "bulan", "surya", "bunga", "daun", "kunci", "payung",
        "perahu", "gelas", "bola", "kursi", "bintang", "topi", "sendok", "jam",
    )  # fmt: skip
    assert len(NAMES) == PICTURES
    assert len({str(picture(number)) for number in range(PICTURES)}) == PICTURES


def test_a_qr_code_is_drawn_in_the_page_and_depends_on_its_digits() -> None:
    drawn = str(qr_code("1234567890123456"))
    assert drawn.startswith("<svg ")
    assert not re.search("href|style=|1234567890", drawn)
    assert drawn == str(qr_code("1234567890123456")) != str(qr_code("1234567890123457"))
