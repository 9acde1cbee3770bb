"""Lends the turn of a village's bot to one box at a time: the village's own, or the relay box at the hub.

Telegram gives its messages to whoever polls with the token, so two must never poll. Who has the turn renews
it or it runs out. The village goes first: when it asks, the relay's next renewal is refused. The relay gets
the turn only after the village has not asked for QUIET_S.

A question changes something only with the challenge of the answer before it, which is taken once and for
CHALLENGE_S. So a question that was recorded, or held back for long, is told the challenge of now and no more.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from json import dumps, loads
from typing import Any, Final

from hub.boxes import key_of_box
from hub.models import Node, Setting
from hub.relay_boxes import is_relay
from hub.storage.statements import put
from sync.sealing.bot_turn import (
    CHALLENGE_BYTES,
    NEVER,
    TurnAnswer,
    TurnQuestion,
    TurnWish,
    check_question,
    decode_question,
    encode_answer,
)
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

LENT_S: Final = 90.0
QUIET_S: Final = 15 * 60.0
CHALLENGE_S: Final = 10 * 60.0
_PREFIX, _CHALLENGES = "bot-turn:", "bot-turn-challenge:"


@dataclass(frozen=True)
class Turn:
    """Who has the turn of a village, until when (Unix seconds), when anybody had it last, and when the
    village's own box asked last."""

    holder: int | None = None
    until: float = 0.0
    had_at: float | None = None
    village_asked_at: float | None = None


def after(turn: Turn, question: TurnQuestion, *, relay: bool, now: float) -> tuple[Turn, TurnAnswer]:
    """Return the turn after a question, and the answer. Pure."""
    turn = _not_ahead(turn, now)
    taken = turn.holder is not None and turn.until > now
    mine = taken and turn.holder == question.node
    had_at = now if mine else turn.had_at
    ago = NEVER if had_at is None else max(0, int(now - had_at))
    if question.wish is TurnWish.GIVE_BACK:
        free = replace(turn, holder=None, until=0.0, had_at=had_at) if mine else turn
        return free, TurnAnswer(False, 0, ago)
    if not relay:
        turn = replace(turn, village_asked_at=now)
    village_asks = turn.village_asked_at is not None and now - turn.village_asked_at < QUIET_S
    if (taken and not mine) or (relay and village_asks):
        return replace(turn, had_at=had_at), TurnAnswer(False, 0, ago)
    lent = replace(turn, holder=question.node, until=now + LENT_S, had_at=now)
    return lent, TurnAnswer(True, int(LENT_S), ago)


def _not_ahead(turn: Turn, now: float) -> Turn:
    """Return a turn with no time that lies ahead: a clock put back must keep no box away for years."""

    def by_now(at: float | None) -> float | None:
        return None if at is None else min(at, now)

    return replace(
        turn,
        until=min(turn.until, now + LENT_S),
        had_at=by_now(turn.had_at),
        village_asked_at=by_now(turn.village_asked_at),
    )


class BotTurns:
    """Answers questions over the hub's store. Threads and processes share it. `draw` gives random bytes."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, draw: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._db = database
        self._writer = writer
        self._draw = draw

    def ask(self, data: bytes, now: float) -> bytes:
        """Answer one question; raise MalformedWire, or SealBroken for one of no node of this hub in use."""
        question = decode_question(data)
        psk = key_of_box(self._db, question.node)
        check_question(data, psk)
        village = str(Node.select(Node.village).where(Node.number == question.node).scalar(self._db))

        def job() -> TurnAnswer:
            now_known = self._challenge(question.node, now)
            if now_known is None or question.challenge != now_known:
                challenge = now_known or self._challenged(question.node, now)
                return TurnAnswer(False, 0, NEVER, challenge, again=True)
            relay = is_relay(self._db, village, question.node)
            turn, answer = after(self._of(village), question, relay=relay, now=now)
            value = dumps(asdict(turn)).encode()
            put(Setting, {"key": _PREFIX + village, "value": value}).execute(self._db)
            return replace(answer, challenge=self._challenged(question.node, now))

        return encode_answer(self._writer.run(job), question.nonce, psk)

    def _challenge(self, node: int, now: float) -> bytes | None:
        """Return the challenge that a node may answer now; None where it is too old or there is none."""
        row = Setting.select().where(Setting.key == f"{_CHALLENGES}{node}").first(self._db)
        if row is None:
            return None
        told = loads(bytes(row.value))
        return bytes.fromhex(told["challenge"]) if 0 <= now - told["at"] < CHALLENGE_S else None

    def _challenged(self, node: int, now: float) -> bytes:
        """Draw the next challenge of a node, in the place of the one before."""
        challenge = self._draw(CHALLENGE_BYTES)
        value = dumps({"challenge": challenge.hex(), "at": now}).encode()
        put(Setting, {"key": f"{_CHALLENGES}{node}", "value": value}).execute(self._db)
        return challenge

    def of(self, village: str) -> Turn:
        """Return who has the turn of a village."""
        connect(self._db)
        return self._of(village)

    def _of(self, village: str) -> Turn:
        row = Setting.select().where(Setting.key == _PREFIX + village).first(self._db)
        return Turn() if row is None else Turn(**loads(bytes(row.value)))
