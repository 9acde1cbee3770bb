"""The child process itself, once for each thing that it must keep."""

from __future__ import annotations

import sys
import threading

import pytest
from small_media import AMR, SECRET, jpeg, png_bomb

from sync.media.cleaning import Cleaner, Kind
from sync.media.refusals import MediaRefused, Refusal
from sync.upload_bodies import memory_file
from sync.wire.numbers import MediaType


def cleaned(content: bytes, kind: Kind, cleaner: Cleaner | None = None) -> tuple[MediaType, bytes]:
    with memory_file() as file:
        file.write(content)
        attachment = (cleaner or Cleaner())(kind, file)
    return attachment.media_type, attachment.content


def test_a_picture_comes_back_clean() -> None:
    media_type, content = cleaned(jpeg(), "picture")
    assert media_type is MediaType.JPEG
    assert content.startswith(b"\xff\xd8")
    assert SECRET not in content


def test_a_sound_comes_back_clean() -> None:
    assert cleaned(AMR, "sound") == (MediaType.AMR, AMR)


def test_a_bomb_is_refused_by_name() -> None:
    with pytest.raises(MediaRefused) as refused:
        cleaned(png_bomb(), "picture")
    assert refused.value.refusal is Refusal.TOO_MANY_PIXELS


def test_what_is_too_large_after_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.media.cleaning.MOST_CLEAN_BYTES", {"sound": 10})
    with pytest.raises(MediaRefused) as refused:
        cleaned(AMR, "sound")
    assert refused.value.refusal is Refusal.TOO_LARGE


def test_a_child_that_dies_or_does_not_start_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(MediaRefused) as refused:
        cleaned(AMR, "sound")
    assert refused.value.refusal is Refusal.BROKEN
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with pytest.raises(MediaRefused) as refused:
        cleaned(AMR, "sound")
    assert refused.value.refusal is Refusal.BUSY


def test_one_at_a_time_and_nobody_waits_for_ever() -> None:
    cleaner = Cleaner(patience_s=0.01)
    held = threading.Event()
    with cleaner._turn:
        held.set()
        with pytest.raises(MediaRefused) as refused:
            cleaned(AMR, "sound", cleaner)
    assert refused.value.refusal is Refusal.BUSY
