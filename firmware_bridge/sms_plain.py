"""Texts written so that an SMS carries them in the plain alphabet: typographic signs and accents that it
lacks would halve the room of the whole text.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from firmware_bridge.sms_alphabet import septets_of
from firmware_bridge.sms_pdu import split_text

_PLAIN = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7", "-")
    | dict.fromkeys("\u00a0\u202f\u2009\u200a\u2002\u2003\t", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u00ad\ufeff\ufe0f\r\u00b0", "")
    | {"\u2026": "...", "\u2192": "->", "\u2190": "<-", "\u00d7": "x", "\u00bd": "1/2", "\u00bc": "1/4"}
    | {"\u00a9": "(c)", "\u00ae": "(R)", "\u2122": "TM", "\u0153": "oe"}
)


def plain(text: str) -> str:
    """Return the text with typographic signs written plainly, and letters without accents that SMS lacks.

    What cannot be written plainly, such as Japanese, stays as it is.
    """
    return "".join(_plain_sign(sign) for sign in text.translate(_PLAIN))


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    if septets_of(sign) is not None:
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if septets_of(bare) is not None else sign


def parts_of(text: str) -> int:
    """Return of how many SMS a text consists; raise ValueError for more than 255."""
    return len(split_text(text, 0))
