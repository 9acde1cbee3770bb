"""The words of names, each of which a text may say alone and in its own spelling. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hub.linking.names import fold_name, is_known_name, parse_name
from hub.linking.words import fold_text, word_table

_WORD: Final = re.compile(r"[^\W\d_]+")
_APOSTROPHES: Final = re.compile("['`\u2018\u2019\u02bc]")


def words_of_names(names: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words that hide names: of each name its words, and how the texts spell them.

    Linking reads Soejono and Sujono as one, hiding as two. Left out are titles, single letters, and ordinary
    words that are no common name ("Bos Besar"): hidden, they would take half a story along.
    """
    words = [word for name in names for word in _words(name) if _tells(word)]
    folded = {fold_name(word) for word in words}
    spelled = (word for text in texts for word in _words(text) if fold_name(word) in folded and _tells(word))
    return tuple(dict.fromkeys([*words, *spelled]))


def _words(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHES.sub("", text))


def _tells(word: str) -> bool:
    if len(word) < 2 or parse_name(word) is None:
        return False
    return is_known_name(word) or not word_table().is_ordinary(fold_text(word))
