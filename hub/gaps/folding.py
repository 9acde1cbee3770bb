"""Which questions are alike: those with the same words that tell something, in any order. Pure."""

from __future__ import annotations

import functools
import hmac

from content.answering.wording import tokens_of
from content.catalogue import Catalogue
from content.passages import SearchWords


@functools.cache
def _shipped_words() -> SearchWords:
    return Catalogue().search_words()


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a question that tell what it is about, each once, sorted; spellings that the
    material knows as one word are one. A text of none keeps all that it has."""
    words = _shipped_words()
    tokens = tokens_of(text)
    telling = {words.same.get(token, token) for token in tokens if token not in words.silent}
    return tuple(sorted(telling or set(tokens) or {" ".join(text.casefold().split())}))


def alike(text: str, key: bytes) -> str:
    """Return by what alike questions are known, which tells nothing of them without the key."""
    return hmac.digest(key, " ".join(folded(text)).encode("utf-8", "surrogatepass"), "sha256").hex()
