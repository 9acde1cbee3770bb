"""Texts cut to one SMS, or into parts that take one each."""

from __future__ import annotations

from bots.sms.one_message import GSM_SEPTETS, plain
from firmware_bridge.sms_alphabet import septets_of

MOST_SEPTETS = GSM_SEPTETS


def septets(text: str) -> int:
    """Return how many places a folded text takes."""
    return len(septets_of(text) or b"")


def folded(text: str) -> str:
    """Return a text in signs of the plain alphabet of SMS; what cannot be written so becomes `?`."""
    written = plain(text)
    if septets_of(written) is not None:
        return written
    return "".join(sign if septets_of(sign) is not None else "?" for sign in written)


def cut(text: str, most: int = MOST_SEPTETS) -> str:
    """Return as much of a text as fits, with three dots where something is left out."""
    text = folded(" ".join(text.split()))
    if septets(text) <= most:
        return text
    while text and septets(text) > most - 3:
        text = text[:-1]
    return f"{text.rstrip()}..."


def pieces(text: str, most: int) -> list[str]:
    """Return a text in pieces of at most `most` places, cut between words where it can be."""
    found, line = [], ""
    for word in folded(" ".join(text.split())).split(" "):
        joined = f"{line} {word}".strip()
        while septets(joined) > most:
            if line:
                found.append(line)
                line, joined = "", word
                continue
            kept = joined
            while septets(kept) > most:
                kept = kept[:-1]
            found.append(kept)
            joined = joined[len(kept) :]
        line = joined
    return [*found, line] if line or not found else found
