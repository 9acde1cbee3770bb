"""The secrets of hub.key, split into shares of words (SLIP-39): some give all back, fewer give nothing.

A share has 84 words, or 110 while a sealing key is being retired, and finds its own slips (up to three words
for certain); shares of two splits do not mix. Whoever holds enough of them is the hub: they stand on paper,
with different people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORD_INDEX_MAP

from hub.key_file import HubSecrets

MOST_SHARES: Final = 16
LEAST_NEEDED: Final = 2
SHARE_WORDS: Final = (84, 110)


class SharesRefused(Exception):
    """These are no shares that fit together; the text says what to do and repeats none of the words."""


def split(hub: HubSecrets, *, of: int, need: int) -> list[str]:
    """Return `of` shares, any `need` of which give the secrets back; raise SharesRefused."""
    if not LEAST_NEEDED <= need <= of <= MOST_SHARES:
        raise SharesRefused(f"--of is at most {MOST_SHARES}, and --need from {LEAST_NEEDED} to --of")
    # No passphrase over it: one more thing to lose, and the shares are the protection.
    shares: list[str]
    [shares] = generate_mnemonics(1, [(need, of)], hub.to_bytes(), iteration_exponent=0)
    return shares


def needed(share: str) -> int:
    """Return how many shares of its kind are needed; raise SharesRefused for words that are no share."""
    return int(_read(share, 1).member_threshold)


def combine(shares: Sequence[str]) -> HubSecrets:
    """Return the secrets out of shares in any order; raise SharesRefused. More than needed do no harm."""
    read = [_read(share, number) for number, share in enumerate(shares, 1)]
    if not read:
        raise SharesRefused("give the shares: files with --share, or type them on a terminal")
    if len({share.common_parameters() for share in read}) != 1:
        raise SharesRefused("these shares were printed at different times: take those of one date")
    apart = {share.index: share for share in read}
    need = read[0].member_threshold
    if len(apart) < need:
        raise SharesRefused(f"{need} different shares are needed, and here are {len(apart)}")
    try:
        return HubSecrets.from_bytes(combine_mnemonics(s.mnemonic() for s in list(apart.values())[:need]))
    except (MnemonicError, ValueError):
        raise SharesRefused("these shares do not fit together: take those of one date and one hub") from None


def _read(share: str, number: int) -> Share:
    words = [word for word in share.lower().split() if not word.strip(".").isdigit()]
    for place, word in enumerate(words, 1):
        if word not in WORD_INDEX_MAP:
            raise SharesRefused(f"share {number}: word {place} is none of the list: look at the paper again")
    if len(words) not in SHARE_WORDS:
        counts = " or ".join(map(str, SHARE_WORDS))
        raise SharesRefused(f"share {number}: {len(words)} words, and a share has {counts}")
    try:
        found = Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise SharesRefused(f"share {number}: some word is wrong or in the wrong place") from None
    if (found.group_count, found.group_threshold) != (1, 1):
        raise SharesRefused(f"share {number} is none of a hub's key")
    return found
