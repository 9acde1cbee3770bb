"""Roots of Indonesian words by stripping affixes, as they are written in chats too ("ngirim", "dikasihin").

No dictionary is shipped: what counts as a root is learnt from the words of the material itself. Of all forms
that affixes may have been stripped to, the shortest that stands in the material wins, then the shortest that
two of its words share; a word none of whose forms is known stays as it is. Confix stripping after Adriani et
al. 2007, without its dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SUFFIXES = (
    "kannya",
    "annya",
    "innya",
    "inya",
    "nya",
    "lah",
    "kah",
    "pun",
    "kan",
    "ku",
    "mu",
    "an",
    "in",
    "i",
)
_PREFIXES = (
    ("menge", ("",)),
    ("meny", ("s",)),
    ("meng", ("", "k")),
    ("mem", ("", "p")),
    ("men", ("", "t")),
    ("me", ("",)),
    ("peny", ("s",)),
    ("peng", ("", "k")),
    ("pem", ("", "p")),
    ("pen", ("", "t")),
    ("per", ("",)),
    ("pe", ("",)),
    ("ber", ("",)),
    ("be", ("",)),
    ("ter", ("",)),
    ("te", ("",)),
    ("di", ("",)),
    ("ke", ("",)),
    ("se", ("",)),
    ("nge", ("",)),
    ("ny", ("s", "c")),
    ("ng", ("", "k")),
    ("n", ("t", "c")),
    ("m", ("p",)),
)
"""Prefix -> what the root may begin with in its place."""
_SHORTEST_ROOT = 3


def _without_suffix(word: str) -> Iterator[str]:
    yield word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_ROOT:
            yield word[: -len(suffix)]


def _without_prefix(word: str, depth: int = 2) -> Iterator[str]:
    yield word
    if not depth:
        return
    for prefix, starts in _PREFIXES:
        rest = word[len(prefix) :]
        if not word.startswith(prefix):
            continue
        for start in starts:
            if len(start + rest) >= _SHORTEST_ROOT:
                yield from _without_prefix(start + rest, depth - 1)


def forms_of(word: str) -> frozenset[str]:
    """Return every form that the word may be built on, itself among them."""
    return frozenset(
        form
        for bare in _without_suffix(word)
        for form in _without_prefix(bare)
        if len(form) >= _SHORTEST_ROOT
    ) | {word}


class Stemmer:
    """Stems words onto the roots that the words of a material show."""

    def __init__(self, words: Iterable[str]) -> None:
        known = set(words)
        shared: dict[str, int] = {}
        for word in known:
            for form in forms_of(word):
                shared[form] = shared.get(form, 0) + 1
        # A form that stands in the material, or that two of its words share: "lindung" of "dilindungi"
        # and "pelindungan".
        self._known = known
        self._roots = {
            form for form, times in shared.items() if form in known or (times > 1 and len(form) > 3)
        }
        self._found: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Return the root of a word, or the word where the material knows none of its forms."""
        if word not in self._found:
            forms = [
                form for form in forms_of(word) if form in self._roots and (len(form) > 3 or form == word)
            ]
            if len(self._found) > 20_000:  # words of many questions must not fill a small box
                self._found.clear()
            self._found[word] = min(
                forms, key=lambda form: (form not in self._known, len(form), form), default=word
            )
        return self._found[word]
