"""Fulfils wishes through the socket of a box on this machine; each wish has a connection of its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bots.dialogue.contract import (
    Add,
    Answered,
    Ask,
    AskSubscription,
    Done,
    Input,
    KeptBy,
    LookUp,
    NotTaken,
    PassOn,
    Shown,
    Step,
    Submit,
    Subscribe,
    Taken,
    Wish,
    Withdraw,
)
from sync.errors import CarrierError
from sync.handin import HandIn
from sync.wire.attachments import MEDIA_TYPES, Attachment


def _not_known(question: str, language: str) -> Answered:
    return Answered(None)


class NodeDesk:
    """For the box whose node serves in `folder`."""

    def __init__(
        self, folder: Path, kept_by: KeptBy, answer: Callable[[str, str], Answered] = _not_known
    ) -> None:
        self._folder = folder
        self._kept_by = kept_by
        self._answer = answer
        """(question, language) -> what the material on this machine says."""

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        """Do what is wished; what cannot be done comes back as NotTaken."""
        if isinstance(wish, Ask):
            return self._answer(wish.question, wish.language)
        if isinstance(wish, Subscribe | AskSubscription):
            return NotTaken("refused")  # these need to know who wishes: see `subscribing`
        try:
            with HandIn(self._folder) as box:
                return self._asked(box, wish, files)
        except CarrierError:
            return NotTaken("away")

    def _asked(self, box: HandIn, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        if isinstance(wish, Submit | Add):
            if any(handle not in files for handle in wish.files):
                return NotTaken("refused")  # it would go without what the person was told goes with it
            attached = [_attached(files[handle]) for handle in wish.files]
            if isinstance(wish, Submit):
                return self._submitted(box, wish, attached)
            added = box.add(wish.code, wish.text, urgent=wish.urgent, token=wish.token, attachments=attached)
            return _done(added)
        if isinstance(wish, LookUp):
            return _shown(box.receipt(wish.code))
        if isinstance(wish, Withdraw):
            return _done(box.withdraw(wish.code, wish.reason, token=wish.token))
        if isinstance(wish, PassOn):
            return _done(box.question(wish.question, wish.language, token=wish.token))
        return None

    def _submitted(self, box: HandIn, wish: Submit, attached: list[dict[str, str]]) -> Input:
        reply = box.submit(dict(wish.report), attachments=attached, token=wish.token)
        if "error" not in reply:
            return Taken(reply["receipt"], self._kept_by)
        if reply.get("refused"):
            return NotTaken("refused")
        return NotTaken("full" if "full" in reply["error"] else "away")

    def taken(self, token: str) -> Taken | None:
        """Return what was taken under a token before, None where nothing was; raise CarrierError."""
        with HandIn(self._folder) as box:
            reply = box.taken(token)
        return None if "error" in reply else Taken(reply["receipt"], self._kept_by)


def _shown(reply: dict[str, Any]) -> Input:
    if "error" in reply:
        return _refused(reply)
    ladder = tuple(Step(one["step"], one["reached"], one["age_s"]) for one in reply["ladder"])
    return Shown(ladder, tuple((one["text"], one["asks"]) for one in reply["answers"]))


def _done(reply: dict[str, Any]) -> Input:
    if reply.get("taken"):
        return Done()
    return _refused(reply)


def _refused(reply: dict[str, Any]) -> NotTaken:
    """Return why a box did not do what is done under a code; a fault of its own may pass."""
    if reply.get("unknown"):
        return NotTaken("unknown")
    if reply.get("may_be_lost"):
        return NotTaken("lost")
    if "full" in reply["error"]:
        return NotTaken("full")
    return _wait(reply["error"]) or NotTaken("refused" if reply.get("refused") else "away")


def _attached(file: Attachment) -> dict[str, str]:
    data = base64.b64encode(file.content).decode("ascii")
    return {"type": MEDIA_TYPES[file.media_type], "data": data}


def _wait(error: str) -> NotTaken | None:
    found = re.search(r"wait ([0-9]+) s", error)
    return None if found is None else NotTaken("wait", int(found.group(1)))
