"""Questions answered out of the material on this machine, word for word with the source, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bots.dialogue.contract import Answered
from content.answering.answer import Unknown, answer
from content.answering.index import Index
from content.answering.material import passages_of
from content.catalogue import Catalogue


class Answers:
    """Called with a question and a language; an index is built once a catalogue and asked by one thread."""

    def __init__(self, catalogue_of: Callable[[str], Catalogue]) -> None:
        self._catalogue_of = catalogue_of
        self._indexes: dict[str, Index] = {}
        self._one_at_a_time = threading.Lock()

    def __call__(self, question: str, language: str) -> Answered:
        """Return the passage that answers, without a title where the material does not know."""
        catalogue = self._catalogue_of(language)
        with self._one_at_a_time:
            if catalogue.language not in self._indexes:
                self._indexes[catalogue.language] = Index(passages_of(catalogue), catalogue.search_words())
            found = answer(self._indexes[catalogue.language], question)
        if isinstance(found, Unknown):
            return Answered(None)
        # A source says its own date, and its mark where it is old or was not seen.
        source = "; ".join(f"{one.cited} {one.old}".strip() for one in found.sources)
        return Answered(found.title, "\n".join(found.passage.lines), source)
