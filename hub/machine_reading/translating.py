"""Runs a CTranslate2 model of translation, as packages of Argos Translate hold them; in the confined
process alone.

A folder holds the model itself (or `model/`) and `sentencepiece.model`; without the latter a text is cut at
spaces.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from hub.machine_reading.services import Piece, Reading, ReadingFailed

MOST_CHARACTERS: Final = 8000
MOST_TOKENS: Final = 256
"""Of one sentence, there and back: what training usually saw."""
AT_ONCE: Final = 16
_SENTENCE: Final = re.compile(r"(?<=[.!?])[ \t]+|(\n+)")
_WORD: Final = re.compile(r"\w+")


class CTranslateTranslator:
    """Implements `services.Translator`."""

    def __init__(self, folder: Path, from_language: str, to_language: str, name: str, dated: str) -> None:
        import ctranslate2

        self._about = from_language, to_language, name, dated
        self._cutter = Cutter(folder)
        self._translator = ctranslate2.Translator(str(place_of(folder)), inter_threads=1, intra_threads=1)

    def __call__(self, text: str) -> Reading:
        """See `services.Translator`; raises ReadingFailed for a text that is too long."""
        if len(text) > MOST_CHARACTERS:
            raise ReadingFailed
        parts = [part for part in _SENTENCE.split(text) if part]
        said = [part for part in parts if part.strip()]
        translated = iter(self._translate([part.strip() for part in said]))
        pieces: list[Piece] = []
        sure, whole = 0.0, 0
        for part in parts:
            if not part.strip():
                pieces.append(Piece(part))
                continue
            made, share = next(translated)
            pieces += [*([Piece(" ")] if pieces and not pieces[-1].text.endswith("\n") else []), *made]
            sure += share * len(part)
            whole += len(part)
        return Reading(tuple(pieces), sure / whole if whole else 0.0, *self._about)

    def _translate(self, sentences: Sequence[str]) -> list[tuple[list[Piece], float]]:
        """Return what each sentence became, and how sure. One longer than the model takes goes in parts: the
        library would leave its end out without a word."""
        parts = [in_parts(self._cutter.cut(sentence), MOST_TOKENS - 2) for sentence in sentences]
        made = iter(self._batches([part for some in parts for part in some]))
        found = []
        for some in parts:
            pieces: list[Piece] = []
            sure = 0.0
            for part in some:
                more, share = next(made)
                pieces += [*([Piece(" ")] if pieces else []), *more]
                sure += share * len(part)
            found.append((pieces, sure / max(1, sum(map(len, some)))))
        return found

    def _batches(self, parts: Sequence[Sequence[str]]) -> list[tuple[list[Piece], float]]:
        found = []
        for start in range(0, len(parts), AT_ONCE):
            cut = parts[start : start + AT_ONCE]
            results = self._translator.translate_batch(
                cut,
                beam_size=4,
                replace_unknowns=True,
                return_scores=True,
                max_input_length=MOST_TOKENS,
                max_decoding_length=MOST_TOKENS,
            )
            for tokens, result in zip(cut, results, strict=True):
                text = self._cutter.joined(result.hypotheses[0])
                missing = {
                    word for token in tokens if not self._cutter.has(token) for word in _WORD.findall(token)
                }
                pieces = marked(text, lambda word, missing=missing: word not in missing)
                pieces += ended(result.hypotheses[0], MOST_TOKENS)
                # The score is the mean logarithm of the chances of the tokens.
                found.append((pieces, math.exp(result.scores[0])))
        return found


def in_parts(tokens: Sequence[str], most: int) -> list[list[str]]:
    """Return the tokens of a sentence in parts of at most so many, parted between words where it can be."""
    found, left = [], list(tokens)
    while len(left) > most:
        begins = [n for n in range(most // 2, most + 1) if left[n].startswith("\u2581")]
        place = begins[-1] if begins else most
        found.append(left[:place])
        left = left[place:]
    return [*found, left]


def ended(tokens: Sequence[str], most: int) -> list[Piece]:
    """Return a mark where a model stopped because it may say no more."""
    return [Piece(" [...]", known=False)] if len(tokens) >= most else []


class Cutter:
    """Cuts a text into the tokens of a model, and puts tokens together again."""

    def __init__(self, folder: Path) -> None:
        pieces = folder / "sentencepiece.model"
        self._pieces: Any = None
        if pieces.exists():
            import sentencepiece

            self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
        self._known = _vocabulary(place_of(folder))

    def cut(self, text: str) -> list[str]:
        """Return the tokens of a text."""
        return self._pieces.encode(text, out_type=str) if self._pieces else text.split()

    def joined(self, tokens: Sequence[str]) -> str:
        """Return tokens as a text."""
        return "".join(tokens).replace("\u2581", " ").strip() if self._pieces else " ".join(tokens)

    def has(self, token: str) -> bool:
        """Return whether the model knows a token."""
        return not self._known or token in self._known


def place_of(folder: Path) -> Path:
    """Return where the model itself lies."""
    return folder / "model" if (folder / "model").is_dir() else folder


def marked(text: str, known: Any) -> list[Piece]:
    """Return a text in pieces, its words that are not `known` marked."""
    pieces, end = [], 0
    for match in _WORD.finditer(text):
        if not known(match[0]):
            if match.start() > end:
                pieces.append(Piece(text[end : match.start()]))
            pieces.append(Piece(match[0], known=False))
            end = match.end()
    return [*pieces, Piece(text[end:])] if end < len(text) else pieces


def _vocabulary(folder: Path) -> frozenset[str]:
    import json

    for name in ("source_vocabulary.json", "shared_vocabulary.json", "vocabulary.json"):
        if (folder / name).exists():
            return frozenset(json.loads((folder / name).read_text("utf-8")))
    for name in ("source_vocabulary.txt", "shared_vocabulary.txt", "vocabulary.txt"):
        if (folder / name).exists():
            return frozenset((folder / name).read_text("utf-8").splitlines())
    return frozenset()
