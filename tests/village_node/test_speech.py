"""espeak-ng and lame themselves: whole files, and programs that are bounded, killed or not there."""

from __future__ import annotations

import shutil
import subprocess
import threading
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from village_node.speech import Limits, Speech, SpeechFailed, SpeechStopped, can_speak, missing_packages

LONG = "Jangan serahkan paspor dan jangan bayar uang muka. " * 60
Only = Callable[..., None]


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Only:
    """Let the box have no programs but these."""

    def keep(*programs: str) -> None:
        here = tmp_path / "bin"
        here.mkdir()
        for program in programs:
            found = shutil.which(program)
            assert found is not None, program
            (here / program).symlink_to(found)
        monkeypatch.setenv("PATH", str(here))

    return keep


def test_a_text_becomes_an_mp3_under_its_name(tmp_path: Path) -> None:
    done = Speech().write("Waspada.", tmp_path / "clip")
    assert done == tmp_path / "clip.mp3"
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp3"]
    clip = done.read_bytes()
    assert clip[0] == 0xFF
    assert 2_000 < len(clip) < 20_000


def test_without_lame_it_is_a_wave_of_its_true_length(tmp_path: Path, only: Only) -> None:
    only("espeak-ng", "cat", "prlimit", "nice")
    assert (missing_packages(), can_speak()) == (["lame"], True)
    done = Speech().write("Waspada.", tmp_path / "clip")
    assert done == tmp_path / "clip.wav"
    with wave.open(str(done)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert 0.3 < seconds < 3
    assert done.stat().st_size == pytest.approx(seconds * 44_100, abs=100)


def test_what_is_too_long_for_a_wave_leaves_nothing(
    tmp_path: Path, only: Only, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("espeak-ng", "cat", "prlimit", "nice")
    monkeypatch.setattr("village_node.speech.LARGEST_WAVE_BYTES", 100_000)
    with pytest.raises(SpeechFailed):
        Speech().write(LONG[:200], tmp_path / "clip")
    assert not list(tmp_path.glob("clip*"))


@pytest.mark.parametrize(
    "limits",
    [Limits(cpu_s=0), Limits(memory_bytes=1024 * 1024), Limits(patience_s=0.05)],
    ids=["time", "memory", "patience"],
)
def test_a_program_that_takes_too_much_is_ended(tmp_path: Path, limits: Limits) -> None:
    with pytest.raises(SpeechFailed):
        Speech(limits).write(LONG, tmp_path / "clip")
    assert list(tmp_path.iterdir()) == []


def test_no_program_is_left_when_the_box_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, started = threading.Event(), list[subprocess.Popen[bytes]]()
    start = Speech._start

    def note(speech: Speech, *command: object, **options: object) -> subprocess.Popen[bytes]:
        child = start(speech, *command, **options)  # type: ignore[arg-type]
        started.append(child)
        if len(started) == 2:
            begun.set()
        return child

    monkeypatch.setattr(Speech, "_start", note)
    speech, raised = Speech(), list[type[Exception]]()

    def write() -> None:
        try:
            speech.write(LONG, tmp_path / "clip")
        except SpeechStopped as error:
            raised.append(type(error))

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(300)
    speech.stop()
    thread.join(300)
    assert raised == [SpeechStopped]
    assert all(child.returncode is not None for child in started)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SpeechStopped):
        speech.write("Waspada.", tmp_path / "clip")


def test_the_text_stands_in_no_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    popen = subprocess.Popen

    def note(command: object, **options: object) -> object:
        seen.append((command, options))
        return popen(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("village_node.speech.subprocess.Popen", note)
    Speech().write("Waspada.", tmp_path / "clip")
    assert len(seen) == 2
    assert "Waspada" not in repr(seen)


def test_without_espeak_ng_nothing_can_be_spoken(only: Only) -> None:
    only("lame", "prlimit", "nice")
    assert (missing_packages(), can_speak()) == (["espeak-ng"], False)
