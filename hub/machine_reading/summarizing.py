"""Runs a language model (CTranslate2's Generator) that shortens a narrative; in the confined process alone.

A language model may invent. So each word that the narrative does not have is marked, the prompt is the
operator's, and the text is for an officer who has the narrative above it. It never answers a villager.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Final

from hub.machine_reading.services import Reading, ReadingFailed
from hub.machine_reading.translating import Cutter, marked, place_of
from hub.machine_reading.words import folded, words_of

MOST_CHARACTERS: Final = 6000
MOST_NEW_TOKENS: Final = 200
_NUMBER: Final = re.compile(r"(?<!\w)\d+(?!\w)")


class CTranslateSummarizer:
    """Implements `services.Summarizer`."""

    def __init__(self, folder: Path, language: str, name: str, dated: str, prompt: str) -> None:
        import ctranslate2

        self._language, self._name, self._dated, self._prompt = language, name, dated, prompt
        self._cutter = Cutter(folder)
        self._generator = ctranslate2.Generator(str(place_of(folder)), inter_threads=1, intra_threads=1)

    def __call__(self, text: str) -> Reading:
        """See `services.Summarizer`; raises ReadingFailed for a text that is too long."""
        if len(text) > MOST_CHARACTERS:
            raise ReadingFailed
        [result] = self._generator.generate_batch(
            [self._cutter.cut(self._prompt.replace("{text}", text))],
            max_length=MOST_NEW_TOKENS,
            sampling_topk=1,
            include_prompt_in_result=False,
            return_scores=True,
        )
        told = frozenset(words_of(text, self._language))
        made = self._cutter.joined(result.sequences[0])
        numbers = frozenset(_NUMBER.findall(text))
        pieces = marked(made, lambda word: folded(word, self._language) in told or word in numbers)
        # The score is the mean logarithm of the chances of the tokens.
        sure = math.exp(result.scores[0])
        return Reading(tuple(pieces), sure, self._language, self._language, self._name, self._dated)
