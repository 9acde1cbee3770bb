"""Breaks loops between programs that answer each other.

It decides about answers alone: what came in is taken in any case, so no report is lost by it. Nothing is
written to disk; senders are known by keys (`senders`), texts by keyed digests, and both are forgotten after a
day.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum

from bots.sms.one_message import plain

HOUR_S = 3600.0
DAY_S = 86_400.0
SENDERS = 2000
"""Senders that are remembered; the one silent for longest goes first."""


class Answering(Enum):
    """Whether to answer; the value is for logs."""

    YES = "answered"
    SERVICE = "not answered: a name, a short code, or no number"
    AUTO_REPLY = "not answered: it reads like an automatic reply"
    OUR_WORDS = "not answered: it repeats our own answer"
    SAME_AGAIN = "not answered: the same text again and again"
    TOO_MANY = "not answered: this sender has had all answers of the hour or day"
    TOO_MANY_IN_ALL = "not answered: all answers of the hour are used up"


@dataclass(frozen=True)
class ReplyLimits:
    """A person in a dialogue sends a few messages; a program sends for ever."""

    per_sender_hour: int = 12
    per_sender_day: int = 30
    same_text: int = 2
    all_hour: int = 120


_AUTOMATIC = re.compile(
    r"\b(balasan|jawaban|pesan|sms|respon[s]?) (ini )?(dikirim |terkirim )?(secara )?otomatis\b"
    r"|\b(jangan|mohon tidak|tidak perlu|harap tidak)( (mem)?balas| dibalas)"
    r"( (ke )?(pesan|sms|nomor|no))? ini\b"
    r"|\bauto(matic|mated)?[ -]?(reply|response|responder|message)\b"
    r"|\b(out of (the )?office|do[ -]?not[ -]?reply|no[ -]?reply)\b"
    r"|^(saya|aku|i'?m|i am) (sedang )?(mengemudi|menyetir|driving)\b"
    r".{0,60}(otomatis|auto|do not disturb|nanti)"
    r"|^(terima kasih|thank you)( (telah|sudah|for))? (menghubungi|contacting)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_auto_reply(text: str) -> bool:
    """Return whether a text has the shape of an automatic reply."""
    return _AUTOMATIC.search(plain(text).strip()) is not None


@dataclass
class _Memory:
    """What is known of one sender: times of our answers, texts that came, our own answers."""

    answered_at: deque[float] = field(default_factory=deque)
    heard: dict[bytes, tuple[int, float]] = field(default_factory=dict)
    said: deque[tuple[bytes, float]] = field(default_factory=lambda: deque(maxlen=16))
    doubted: dict[bytes, float] = field(default_factory=dict)
    asked_back_at: float | None = None


class LoopBreaker:
    """Asked once for each message that came; told of each answer. `key` is 32 bytes kept in memory only."""

    def __init__(self, limits: ReplyLimits | None = None, key: bytes | None = None) -> None:
        self._limits = limits or ReplyLimits()
        self._key = key or secrets.token_bytes(32)
        self._senders: OrderedDict[bytes, _Memory] = OrderedDict()
        self._all_answers: deque[float] = deque()

    def is_quick(self, sender_key: bytes, now: float, quick_s: float) -> bool:
        """Return whether we wrote to this sender so short ago."""
        memory = self._memory(sender_key, now)
        return bool(memory.said) and now - memory.said[-1][1] <= quick_s

    def doubted_before(self, sender_key: bytes, text: str, now: float) -> bool:
        """Return whether the same doubtful text came from this sender within a day, and take note of it."""
        doubted, digest = self._memory(sender_key, now).doubted, self._digest(text)
        if digest in doubted:
            return True
        doubted[digest] = now
        return False

    def may_ask_back(self, sender_key: bytes, now: float) -> bool:
        """Return whether this sender may be asked back: once a day, which is now used."""
        memory = self._memory(sender_key, now)
        if memory.asked_back_at is not None and now - memory.asked_back_at <= DAY_S:
            return False
        memory.asked_back_at = now
        return True

    def ask(self, sender_key: bytes, text: str, now: float, *, asks_back: bool = False) -> Answering:
        """Return whether this message is to be answered. `now` in seconds, never going back. `asks_back`:
        the answer asks an automatic reply back."""
        memory = self._memory(sender_key, now)
        digest = self._digest(text)
        count, heard_at = memory.heard.get(digest, (0, now))
        # Somebody who looks under a code in the morning, at noon and in the evening is no machine.
        count = count + 1 if now - heard_at < HOUR_S else 1
        memory.heard[digest] = (count, now)
        ours = self._digest(text, figures=False)
        if any(said == ours for said, _ in memory.said):
            return Answering.OUR_WORDS
        if is_auto_reply(text) and not asks_back:
            return Answering.AUTO_REPLY
        if count > self._limits.same_text:
            return Answering.SAME_AGAIN
        last_hour = sum(at > now - 3600 for at in memory.answered_at)
        if (
            last_hour >= self._limits.per_sender_hour
            or len(memory.answered_at) >= self._limits.per_sender_day
        ):
            return Answering.TOO_MANY
        while self._all_answers and self._all_answers[0] <= now - 3600:
            self._all_answers.popleft()
        if len(self._all_answers) >= self._limits.all_hour:
            return Answering.TOO_MANY_IN_ALL
        return Answering.YES

    def answered(self, sender_key: bytes, answer: str, now: float) -> None:
        """Take note of an answer that was handed to the modem."""
        memory = self._memory(sender_key, now)
        memory.answered_at.append(now)
        memory.said.append((self._digest(answer, figures=False), now))
        self._all_answers.append(now)

    def said(self, sender_key: bytes, text: str, now: float) -> None:
        """Take note of a text that nobody asked for now, so that its echo is not answered. It is no answer,
        and spends none."""
        self._memory(sender_key, now).said.append((self._digest(text, figures=False), now))

    def _memory(self, sender_key: bytes, now: float) -> _Memory:
        memory = self._senders.setdefault(sender_key, _Memory())
        self._senders.move_to_end(sender_key)
        while len(self._senders) > SENDERS:
            self._senders.popitem(last=False)
        while memory.answered_at and memory.answered_at[0] <= now - DAY_S:
            memory.answered_at.popleft()
        for digest in [d for d, (_, at) in memory.heard.items() if at <= now - DAY_S]:
            del memory.heard[digest]
        while len(memory.heard) > 64:
            del memory.heard[next(iter(memory.heard))]
        for digest in [d for d, at in memory.doubted.items() if at <= now - DAY_S]:
            del memory.doubted[digest]
        while len(memory.doubted) > 64:
            del memory.doubted[next(iter(memory.doubted))]
        while memory.said and memory.said[0][1] <= now - DAY_S:
            memory.said.popleft()
        return memory

    def _digest(self, text: str, *, figures: bool = True) -> bytes:
        # Signs and spaces differ between phones; the words do not. Another box of ours says the same words as
        # this one, with another code in them.
        words = " ".join(re.findall(r"\w+" if figures else r"[^\W\d]+", plain(text).casefold()))
        return hashlib.blake2b(words.encode("utf-8"), key=self._key, digest_size=16).digest()
