"""Names of people in a narrative: who recruits, as far as forms of address and words around them tell."""

from __future__ import annotations

import re

from hub.linking.name_words import ALWAYS_TITLES, CUES, DOERS, MUHAMMAD, OFFICES, RELATIVES, STARTERS
from hub.linking.names import Name, fold_name, is_known_name, parse_name, title_of
from hub.linking.places import is_place_name
from hub.linking.trades import find_countries
from hub.linking.word_lists import word_set
from hub.linking.words import concept, fold_text, word_table

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LONGEST = 3
_CALENDAR = word_set(
    """
    senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus september
    oktober november desember lombok jawa sumatra sulawesi kalimantan flores timor madura sumba bali jakarta
    surabaya batam medan kupang
    """
)
_FIRMS = word_set(
    """
    pt cv lpk blk ud yayasan koperasi
    """
)
_FROM = word_set(
    """
    dari dr sama ke
    """
)
_OWNER = word_set(
    """
    saya sy aku nya kami kita ku kula tiang beta abdi inyong
    """
)


class _Token:
    """One word of a narrative: as written, folded, and what stands before it."""

    __slots__ = ("end", "folded", "start", "written")

    def __init__(self, match: re.Match[str]) -> None:
        self.written = match[0]
        self.folded = fold_text(match[0])
        self.start, self.end = match.span()

    @property
    def is_capital(self) -> bool:
        return self.written[0].isupper()


def _tokens(text: str) -> list[_Token]:
    return [_Token(m) for m in _WORD.finditer(text)]


def _may_be_name(token: _Token, *, after_title: bool) -> bool:
    word = token.folded
    if word in OFFICES or word in CUES or word in _FIRMS or title_of(word) is not None:
        return False
    if len(word) == 1:
        return token.is_capital
    if word in MUHAMMAD:
        return True
    if token.is_capital:
        return after_title or not word_table().is_ordinary(word)
    return after_title and not word_table().is_ordinary(word) and len(word) > 2


def _collect(text: str, tokens: list[_Token], at: int, *, after_title: bool) -> tuple[list[_Token], int]:
    """Return the words of one name that begins at a token, and where it ends."""
    words: list[_Token] = []
    while at < len(tokens) and len(words) < _LONGEST:
        token = tokens[at]
        if words and re.search(r"[,;:!?()\"\n]|\.\s", text[words[-1].end : token.start]):
            break
        if not _may_be_name(token, after_title=after_title):
            break
        # A second word in small letters is a name only beside a first in small letters.
        if words and not token.is_capital and words[0].is_capital:
            break
        # "Sri Kroya": a place after the name tells where she is from.
        beyond = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        if words and is_place_name(f"{token.folded} {beyond}"):
            break
        if is_place_name(word := token.folded) and (words or not after_title) and word not in MUHAMMAD:
            break
        words.append(token)
        at += 1
    return words, at


def find_names(text: str) -> list[Name]:
    """Return the names that a narrative announces: by a form of address, a word such as "bernama", or a
    number after them.

    Names without any such sign (a victim's first name) are not taken.
    """
    tokens = _tokens(text)
    found: dict[Name, None] = {}
    if (first := _at_start(text, tokens)) is not None:
        found[first] = None
    at = 0
    while at < len(tokens):
        name, step = _name_at(text, tokens, at)
        if name is not None:
            found[name] = None
        at += step
    for name in _before_numbers(text):
        found[name] = None
    return list(found)


def _name_at(text: str, tokens: list[_Token], at: int) -> tuple[Name | None, int]:
    token = tokens[at]
    if token.folded in ALWAYS_TITLES:
        start = at
        while at < len(tokens) and tokens[at].folded in ALWAYS_TITLES and at - start < 3:
            at += 1
        words, end = _collect(text, tokens, at, after_title=True)
        # "ibu saya Nur": the reporter's own family.
        if not words or (at < len(tokens) and tokens[at].folded in _OWNER):
            return None, max(1, at - start)
        return parse_name(" ".join(t.written for t in (*tokens[start:at], *words))), max(1, end - start)
    if token.folded in _FROM and at + 1 < len(tokens) and tokens[at + 1].is_capital:
        # "dapat kerja dari Rina": after such a word places are more frequent than people.
        if is_known_name(tokens[at + 1].folded):
            words, end = _collect(text, tokens, at + 1, after_title=False)
            return (parse_name(" ".join(t.written for t in words)) if words else None), max(1, end - at)
        return None, 1
    done = token.folded in DOERS and at > 0 and tokens[at - 1].folded in RELATIVES
    if (token.folded in CUES or done) and at + 1 < len(tokens):
        between = text[token.end : tokens[at + 1].start]
        if re.fullmatch(r"[\s:'\"‘“(]*", between) and tokens[at + 1].is_capital:
            words, end = _collect(text, tokens, at + 1, after_title=False)
            if words and not word_table().is_ordinary(words[0].folded):
                return parse_name(" ".join(t.written for t in words)), max(1, end - at)
    return None, 1


def _at_start(text: str, tokens: list[_Token]) -> Name | None:
    """Return the name that a narrative begins with, if what follows is a recruiter's doing ("Tina bawa
    ...").
    """
    if not tokens or tokens[0].folded in ALWAYS_TITLES:
        return None
    known = is_known_name(tokens[0].folded)
    if word_table().is_ordinary(tokens[0].folded):
        return None
    words, end = _collect(text, tokens, 0, after_title=known or not tokens[0].is_capital)
    if not words or end >= len(tokens):
        return None
    # A word in small letters that is on no list of names needs what only a recruiter does.
    sure = known or tokens[0].is_capital
    if tokens[end].folded not in (STARTERS if sure else DOERS):
        return None
    return parse_name(" ".join(t.written for t in words))


_NUMBER_START = re.compile(r"(?<![\w.\-])\+?(?:62|0)[\d\s\-.]{8}")
_WINDOW = 60
_NUMBER_WORDS = word_set(
    """
    no nomor nomer hp wa telp tlp telepon telpon hub hubungi di ke nomornya
    """
)


def _before_numbers(text: str) -> list[Name]:
    """Return names that stand right before a phone number ("Darmaji (0856 ...")."""
    found = []
    for match in _NUMBER_START.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        # Only brackets, a colon and words such as "hp" may stand between a name and its number.
        before = re.split(r"[!?;\n\d]|\.\s+(?=[A-Z])", before)[-1]
        words = re.findall(r"[^\W\d_]+", before)
        while words and fold_text(words[-1]) in _NUMBER_WORDS:
            words.pop()
        name = _last_name(words)
        if name is not None and name.full:
            found.append(name)
    return found


def _last_name(words: list[str]) -> Name | None:
    """Return the name that the last words are, at most two and the form of address before them."""
    if len(words) > 1 and fold_text(words[-2]) in ALWAYS_TITLES and fold_text(words[-1]) not in OFFICES:
        return parse_name(" ".join(words[-2:]))
    kept: list[str] = []
    for word in reversed(words[-2:]):
        if _is_no_name(fold_text(word)):
            break
        kept.insert(0, word)
    return parse_name(" ".join(kept)) if kept else None


def _is_no_name(word: str) -> bool:
    ordinary = word_table().is_ordinary(word) or word in OFFICES or word in CUES or word in _FIRMS
    return ordinary or len(word) < 3 or is_place_name(word)


def find_people(text: str, recruiters: frozenset[str]) -> frozenset[str]:
    """Return folded capitalised words inside sentences that look like names of people or places,
    recruiters' left out.

    Two reports that share such a word may tell one event.
    """
    found = set()
    for token in _tokens(text):
        before = text[max(0, token.start - 3) : token.start].rstrip()
        begins = not before or before[-1] in ".!?:\"'("
        acronym = token.written.isupper() and len(token.written) < 5
        if not token.is_capital or begins or acronym or len(token.written) < 3:
            continue
        folded = fold_name(token.folded)
        word = token.folded
        stem = concept(word)
        if (
            word_table().is_ordinary(word)
            or word_table().is_ordinary(stem)
            or stem[0] == "~"
            or is_place_name(word)
        ):
            continue
        if (
            word in _CALENDAR
            or find_countries(frozenset({word}))
            or folded in recruiters
            or title_of(word) is not None
        ):
            continue
        found.add(folded)
    return frozenset(found)
