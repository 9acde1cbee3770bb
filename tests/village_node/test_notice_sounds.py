"""Notices get their clips after they came, by a real voice, and lose them when they count no more."""

from __future__ import annotations

import datetime
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from village import Region

from hub.notice_services import NoticeDraft
from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind
from village_node.notice_sounds import LEAST_FREE_BYTES, LEVELS, MAX_CLIPS, NoticeSounds, name_of, words_of
from village_node.notices import VillageNotice
from village_node.speech import Limits, Speech, SpeechStopped
from village_node.web.notice_words import LEVEL_WORDS

NOTICE = VillageNotice(
    serial=7,
    kind=NoticeKind.BULLETIN,
    level=BulletinLevel.WARNING,
    public=True,
    issued=datetime.date(2026, 11, 25),
    until=datetime.date(2026, 12, 5),
    text="Jangan bayar dulu.\n\nTelepon 110",
    age_s=None,
    withdrawn=False,
    ended=False,
    read=False,
    announced=False,
)


class Box:
    """Notices that come and go, and what is made of them in a folder."""

    def __init__(self, folder: Path, *notices: VillageNotice, speech: Speech | None = None) -> None:
        self.notices = list(notices)
        self.free_bytes = LEAST_FREE_BYTES
        self.folder = folder / "sounds"
        self.changed = threading.Event()
        self.sounds = NoticeSounds(
            self.folder, lambda: self.notices, self.changed, lambda: self.free_bytes, speech
        )

    def names(self) -> set[str]:
        """Settle, and return the names of the files."""
        self.sounds.settle()
        return {file.name for file in self.folder.iterdir()} if self.folder.exists() else set()


def short(text: str, **more: object) -> VillageNotice:
    return replace(NOTICE, text=text, **more)  # type: ignore[arg-type]


def clip_name(notice: VillageNotice) -> str:
    return f"{name_of(words_of(notice))}.mp3"


def test_all_that_stands_on_the_page_of_a_notice_is_said() -> None:
    assert words_of(NOTICE) == "Waspada. Jangan bayar dulu. Telepon 1 1 0. Berlaku sampai 5 Desember 2026."
    job = replace(NOTICE, kind=NoticeKind.OPPORTUNITY, level=OpportunityKind.JOB)
    assert words_of(job).startswith("Lowongan kerja. ")


def test_levels_are_said_as_the_pages_write_them() -> None:
    assert LEVELS == LEVEL_WORDS


def test_a_clip_is_made_once_and_goes_with_its_notice(tmp_path: Path) -> None:
    first, second = short("Awas."), short("Siaga.", serial=8)
    box = Box(tmp_path, first, second)
    assert box.sounds.file_of(first) is None
    assert box.names() == {clip_name(first), clip_name(second)}
    file = box.sounds.file_of(first)
    assert file is not None
    made_ns = file.stat().st_mtime_ns
    (box.folder / "left-by-a-power-cut.part").write_bytes(b"half")
    taken_back = replace(second, withdrawn=True)
    box.notices = [first, taken_back]
    assert box.sounds.file_of(taken_back) is None
    assert box.names() == {clip_name(first)}
    assert file.stat().st_mtime_ns == made_ns
    box.notices = [replace(first, ended=True)]
    assert box.names() == set()


def test_only_the_newest_notices_have_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("village_node.notice_sounds.MAX_CLIPS", 1)
    newest, older = short("Awas.", serial=9), short("Siaga.")
    assert Box(tmp_path, newest, older).names() == {clip_name(newest)}
    assert MAX_CLIPS < 100


def test_no_clip_takes_the_room_of_reports(tmp_path: Path) -> None:
    box = Box(tmp_path, short("Awas."))
    box.free_bytes -= 1
    assert box.names() == set()


def test_without_espeak_ng_there_is_none_and_one_comes_when_it_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(tmp_path, short("Awas."))
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert box.names() == set()
    monkeypatch.setenv("PATH", path)
    assert len(box.names()) == 1


def test_a_text_that_cannot_be_spoken_is_tried_once_and_keeps_no_other_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[str] = []

    class Fussy(Speech):
        def write(self, words: str, to: Path) -> Path:
            tried.append(words)
            speech = Speech(Limits(memory_bytes=1024 * 1024)) if "Awas" in words else Speech()
            return speech.write(words, to)

    bad, good = short("Awas."), short("Siaga.")
    box = Box(tmp_path, bad, good, speech=Fussy())
    assert box.names() == box.names() == {clip_name(good)}
    assert len(tried) == 2
    assert "a notice has no sound" in caplog.text
    assert "Awas" not in caplog.text


def test_a_notice_that_came_by_any_carrier_is_spoken_by_a_thread(region: Region) -> None:
    node = region.node()
    made, gone = threading.Event(), threading.Event()
    settle = node.sounds.settle

    def note() -> None:
        settle()
        every = node.notices.all()
        if every:
            (made if node.sounds.file_of(every[0]) else gone).set()

    node.sounds.settle = note  # type: ignore[method-assign]
    node.sounds.start()
    region.settle()
    until = region.hub.store.notices.today() + datetime.timedelta(days=5)
    draft = NoticeDraft(NoticeKind.BULLETIN, 2, True, until, "Awas.", (1,))
    serial = region.hub.store.notices.write(draft, by="sari")
    region.settle()
    assert made.wait(300)
    [clip] = (node.config.folder / "notice-sounds").iterdir()
    assert clip.suffix == ".mp3"
    region.hub.store.notices.withdraw(serial, by="sari")
    region.settle()
    assert gone.wait(300)
    assert not clip.exists()


def test_another_voice_speaks_anew_and_what_a_power_cut_left_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(tmp_path, short("Awas."))
    [kept] = box.names()
    (box.folder / kept).with_suffix(".part").write_bytes(b"half")
    assert box.names() == {kept}
    monkeypatch.setattr("village_node.notice_sounds.SPEAKING", ("espeak-ng", "-v", "id", "-s", "120"))
    assert box.names().isdisjoint({kept})


def test_a_box_that_closes_begins_no_clip(tmp_path: Path) -> None:
    speech = Speech()
    box = Box(tmp_path, short("Awas."), speech=speech)
    box.sounds.close()
    assert box.names() == set()
    with pytest.raises(SpeechStopped):
        speech.write("Awas.", tmp_path / "clip")
