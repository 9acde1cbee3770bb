"""What fulfils the wishes of dialogues: a box in the village or at the hub, or something else in tests."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Protocol

from bots.dialogue.contract import Input, Taken, Wish
from sync.wire.attachments import Attachment


class Desk(Protocol):
    """Blocks; the rim calls it from a thread of its own."""

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        """Do what is wished and return what came of it, None where the dialogue need not know. `files` are
        all that the conversation holds, by handle. Whatever goes wrong comes back as `NotTaken`."""
        ...

    def taken(self, token: str) -> Taken | None:
        """Return what was taken under a token before, None where nothing was; raise CarrierError where the
        box cannot be asked."""
        ...


def wish_token(key: bytes, bot_id: int, update_id: int, number: int = 0) -> str:
    """Return the token under which the wish of an update is told to a box: the same one whenever that update
    comes again, and no number of Telegram can be read from it. `number` counts the wishes of one update."""
    named = f"{bot_id}:{update_id}:{number}".encode()
    return "tg-" + hmac.digest(key, named, "sha256")[:16].hex()
