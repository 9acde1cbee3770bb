"""Texts for one radio packet."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue, languages_of
from content.errors import ContentRefused
from content.radio_texts import MAX_RADIO_BYTES


def test_every_text_fits_in_every_language(shipped: dict[str, bytes]) -> None:
    for code in languages_of(shipped):
        texts = Catalogue(shipped, code).radio_texts()
        assert texts
        assert all(len(text.text.encode("utf-8")) <= MAX_RADIO_BYTES for text in texts)


def test_a_text_is_measured_with_its_numbers_and_in_bytes(files: dict[str, bytes]) -> None:
    path = "languages/id/radio.toml"
    long = "é" * (MAX_RADIO_BYTES // 2)
    files[path] = f'[[texts]]\nkey = "a"\ntext = "{long}"\n'.encode()
    assert len(Catalogue(files).radio_texts()[0].text) == MAX_RADIO_BYTES // 2
    files[path] = f'[[texts]]\nkey = "a"\ntext = "{long}{{polisi}}"\n'.encode()
    with pytest.raises(ContentRefused, match=f"at most {MAX_RADIO_BYTES} bytes"):
        Catalogue(files).radio_texts()
