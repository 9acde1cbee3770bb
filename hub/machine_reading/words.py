"""Words of a text as they are looked up: small letters, no marks, one spelling for what people spell in
several ways.

Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

JAVANESE, SUNDANESE, SASAK, MADURESE, INDONESIAN = "jv", "su", "sas", "mad", "id"
REGIONAL: Final = (JAVANESE, SUNDANESE, SASAK, MADURESE)
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}[^\W_]*(?:'[^\W\d_]*)*(?:-{_LETTER}+(?:'[^\W\d_]*)*)*")
_QUOTES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_ASPIRATE = re.compile(r"([bdgjt])h")
_SPELLED: Final[dict[str, Callable[[str], str]]] = {
    # dh and th are letters of their own that most people write without the h.
    JAVANESE: lambda word: re.sub(r"([dt])h", r"\1", word),
    # The glottal stop is written q in schools and k elsewhere.
    SASAK: lambda word: word.replace("q", "k"),
    # It is an apostrophe here, often typed k or not at all; so are the h of voiced stops.
    MADURESE: lambda word: re.sub(r"'(?=$|-)", "k", _ASPIRATE.sub(r"\1", word)).replace("'", ""),
}


@dataclass(frozen=True)
class Token:
    """A piece of a text: a word, or what stands between two (`word` is false)."""

    text: str
    word: bool


def tokens_of(text: str) -> list[Token]:
    """Return the pieces of a text in their order; put together they are the text with plain apostrophes."""
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES)
    found, end = [], 0
    for match in _WORD.finditer(plain):
        if match.start() > end:
            found.append(Token(plain[end : match.start()], False))
        found.append(Token(match[0], True))
        end = match.end()
    return [*found, Token(plain[end:], False)] if end < len(plain) else found


def folded(word: str, language: str) -> str:
    """Return a word as it is looked up in a language's table."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_QUOTES))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    spelled = _SPELLED.get(language)
    return bare.strip("'") if spelled is None else spelled(bare)


def words_of(text: str, language: str) -> list[str]:
    """Return the words of a text as they are looked up."""
    return [folded(token.text, language) for token in tokens_of(text) if token.word]
