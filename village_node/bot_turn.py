"""Asks the hub over the internet whether this box may serve the village's bot now."""

from __future__ import annotations

import secrets
import threading
from typing import Any

from sync.carriers.https import HubClient
from sync.errors import CarrierError, MalformedWire, SealBroken
from sync.sealing.bot_turn import (
    NEVER,
    NO_CHALLENGE,
    NONCE_BYTES,
    TurnAnswer,
    TurnQuestion,
    TurnWish,
    decode_answer,
    encode_question,
)


class BotTurn:
    """For one box. Threads may share it."""

    def __init__(self, client: HubClient | None, node_number: int, psk: bytes) -> None:
        self._client = client
        self._number = node_number
        self._psk = psk
        self._challenge = NO_CHALLENGE
        self._lock = threading.Lock()

    def ask(self, wish: object) -> dict[str, Any]:
        """Ask for the turn ("hold") or give it back ("give-back"); return {"held", "left_s", "polled_ago_s"}
        (None: never), or {"error"}: then the box has no turn that it does not know of."""
        wishes = {"hold": TurnWish.HOLD, "give-back": TurnWish.GIVE_BACK}
        if not isinstance(wish, str) or wish not in wishes:
            return {"error": 'the wish for a turn is "hold" or "give-back"'}
        if self._client is None:
            return {"error": "this node knows no hub on the internet: kentongan node serve --hub"}
        try:
            with self._lock:  # each challenge is taken once, so that questions go one after the other
                answer = self._asked(self._client, wishes[wish])
                if answer.again:
                    answer = self._asked(self._client, wishes[wish])
        except (CarrierError, MalformedWire, SealBroken) as error:
            return {"error": str(error)}
        if answer.again:
            return {"error": "the hub takes no challenge of this box: does another box run under its name?"}
        ago = None if answer.polled_ago_s == NEVER else answer.polled_ago_s
        return {"held": answer.held, "left_s": answer.left_s, "polled_ago_s": ago}

    def _asked(self, client: HubClient, wish: TurnWish) -> TurnAnswer:
        nonce = secrets.token_bytes(NONCE_BYTES)
        question = encode_question(TurnQuestion(self._number, wish, nonce, self._challenge), self._psk)
        answer = decode_answer(client.bot_turn(question), nonce, self._psk)
        self._challenge = answer.challenge
        return answer
