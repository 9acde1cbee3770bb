"""PocketSphinx on a voice that espeak-ng speaks, with six Indonesian words on the English sounds of its
wheel."""

from __future__ import annotations

import math
import shutil
import subprocess
import wave
from pathlib import Path

import pytest
from needs_models import need

from hub.machine_reading.hearing import MOST_SECONDS, RATE, SphinxReader, samples_of
from hub.machine_reading.services import SPEECH, ReadingFailed

WORDS = {
    "saya": "S AA Y AA",
    "tidak": "T IY D AA K",
    "pulang": "P UW L AA NG",
    "besok": "B EH S OW K",
    "adik": "AA D IH K",
    "kapal": "K AA P AA L",
}


def write_model(folder: Path) -> None:
    import pocketsphinx

    share = math.log10(1 / (len(WORDS) + 1))
    lines = "\n".join(f"{share:.4f} {word}" for word in ("</s>", *WORDS))
    folder.mkdir()
    (folder / "acoustic").symlink_to(Path(pocketsphinx.__file__).parent / "model/en-us/en-us")
    (folder / "words.dict").write_text("".join(f"{word} {sounds}\n" for word, sounds in WORDS.items()))
    (folder / "language.lm.bin").write_text(
        f"\\data\\\nngram 1={len(WORDS) + 2}\n\n\\1-grams:\n-99 <s>\n{lines}\n\\end\\\n"
    )


@pytest.fixture
def voice(tmp_path: Path) -> bytes:
    need(SPEECH)
    if shutil.which("espeak-ng") is None:
        pytest.skip("no espeak-ng here: apt-get install espeak-ng")
    file = tmp_path / "voice.wav"
    subprocess.run(["espeak-ng", "-v", "id", "-s", "120", "-w", file, "saya tidak pulang"], check=True)
    return file.read_bytes()


def test_words_that_a_voice_says_are_written_down(voice: bytes, tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    reading = SphinxReader(tmp_path / "model", "id", "kecil", "2026-11")(samples_of(voice))
    assert reading.text == "saya tidak pulang"
    assert 0.5 < reading.confidence <= 1


def test_what_is_no_sound_and_a_small_file_of_hours_are_refused(tmp_path: Path) -> None:
    need(SPEECH)
    with pytest.raises(ReadingFailed):
        samples_of(b"no sound at all")
    file = tmp_path / "long.wav"
    with wave.open(str(file), "wb") as long:
        long.setnchannels(1)
        long.setsampwidth(1)
        long.setframerate(100)
        long.writeframes(b"\x80" * 100 * (MOST_SECONDS + 5))
    assert file.stat().st_size < 70_000
    with pytest.raises(ReadingFailed):
        samples_of(file.read_bytes())


def test_samples_are_of_one_channel_at_the_rate_of_the_reader(tmp_path: Path) -> None:
    need(SPEECH)
    file = tmp_path / "two.wav"
    with wave.open(str(file), "wb") as two:
        two.setnchannels(2)
        two.setsampwidth(2)
        two.setframerate(RATE // 2)
        two.writeframes(bytes(4 * RATE // 2))
    assert abs(len(samples_of(file.read_bytes())) - 2 * RATE) < RATE // 10
