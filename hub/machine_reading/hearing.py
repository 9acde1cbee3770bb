"""Writes down what is said in a sound: PyAV decodes it, PocketSphinx reads it; in the confined process alone.

A folder holds an acoustic model in `acoustic/`, `language.lm.bin` and `words.dict`, as CMU Sphinx makes them.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from hub.machine_reading.services import Piece, Reading, ReadingFailed

RATE: Final = 16_000
MOST_SECONDS: Final = 600
UNSURE: Final = 0.5
"""A word below this chance is marked."""
_SILENCE: Final = ("<s>", "</s>", "<sil>")


def samples_of(sound: bytes) -> bytes:
    """Return the samples of a sound of any kind that a report carries: 16 bit, one channel, 16,000 a second.

    Raises ReadingFailed for what is no sound, or is longer than ten minutes however small its file is.
    """
    import av

    found = bytearray()
    try:
        with av.open(io.BytesIO(sound), mode="r") as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    found += bytes(piece.planes[0])[: piece.samples * 2]
                if len(found) > MOST_SECONDS * RATE * 2:
                    raise ReadingFailed
            for piece in resampler.resample(None):
                found += bytes(piece.planes[0])[: piece.samples * 2]
    except (av.FFmpegError, IndexError, ValueError):
        raise ReadingFailed from None
    return bytes(found)


class SphinxReader:
    """Implements `services.SpeechReader`."""

    def __init__(self, folder: Path, language: str, name: str, dated: str) -> None:
        from pocketsphinx import Decoder

        self._about = language, language, name, dated
        self._decoder = Decoder(
            hmm=str(folder / "acoustic"),
            lm=str(folder / "language.lm.bin"),
            dict=str(folder / "words.dict"),
            samprate=RATE,
            loglevel="FATAL",
        )

    def __call__(self, samples: bytes) -> Reading:
        """See `services.SpeechReader`."""
        self._decoder.start_utt()
        self._decoder.process_raw(samples, full_utt=True)
        self._decoder.end_utt()
        said = [
            (word, chance) for word, chance in self._words() if word not in _SILENCE and word[:1] not in "<["
        ]
        pieces: list[Piece] = []
        for word, chance in said:
            pieces += [*([Piece(" ")] if pieces else []), Piece(word, known=chance >= UNSURE)]
        sure = sum(chance for _, chance in said) / len(said) if said else 0.0
        return Reading(tuple(pieces), sure, *self._about)

    def _words(self) -> list[tuple[str, float]]:
        # A word may be followed by the number of its way of being spoken: "read(2)".
        return [(part.word.split("(")[0], min(1.0, float(part.prob))) for part in self._decoder.seg() or ()]
