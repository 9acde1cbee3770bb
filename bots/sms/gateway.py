"""What happens to an SMS before a dialogue hears it, and to an answer before the modem gets it.

Pure: a message and the time in, what to do out. What is said is none of its business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bots.sms.auto_replies import Answering, LoopBreaker
from bots.sms.keywords import split_keyword
from bots.sms.one_message import fit
from bots.sms.senders import SenderKeys, SenderKind, kind_of
from firmware_bridge.sms_inbox import Incoming, RefusedSms


class Use(Enum):
    """What a message is good for."""

    TEXT = "somebody wrote: let a dialogue hear it"
    UNREADABLE = (
        "somebody wrote, and it cannot be read: ask to have it sent again as plain text, then forget it"
    )
    NOTHING = "a service wrote, or nobody known: forget it"


@dataclass(frozen=True, repr=False)
class Inbound:
    """One message, ready for a dialogue.

    `message_id` is for `SmsModem.forget` once all is safe, and the same if it is told again. `number`
    goes back to `SmsModem.send` and nowhere else; `sender_key` names the sender for this run of the program.
    `keyword` is None for free text. `has_gaps`: parts of a long message never came. `answering` says whether
    an answer may go out; where not, the message is taken all the same.
    """

    message_id: str
    use: Use
    number: str
    sender_key: bytes
    keyword: str | None
    text: str
    has_gaps: bool
    answering: Answering

    @property
    def may_answer(self) -> bool:
        """An answer may go out."""
        return self.answering is Answering.YES


class SmsGateway:
    """Looks at each message once. `keywords` are the words that mean something in front of a text."""

    def __init__(self, keywords: Iterable[str], keys: SenderKeys, breaker: LoopBreaker) -> None:
        self._keywords = frozenset(keywords)
        self._keys = keys
        self._breaker = breaker

    def take(self, message: Incoming, now: float) -> Inbound:
        """Return what to do with a message from `SmsModem.incoming`."""
        sender_key = self._keys.key_of(message.sender)
        is_person = kind_of(message.sender, is_alphanumeric=message.is_alphanumeric) is SenderKind.PERSON
        text = "" if isinstance(message, RefusedSms) else message.text
        split = split_keyword(text, self._keywords)
        if not is_person:
            use, answering = Use.NOTHING, Answering.SERVICE
        else:
            use = Use.UNREADABLE if isinstance(message, RefusedSms) else Use.TEXT
            answering = self._breaker.ask(sender_key, text, now)
        return Inbound(
            message_id=message.message_id,
            use=use,
            number=message.sender,
            sender_key=sender_key,
            keyword=split.keyword,
            text=split.rest,
            has_gaps=not isinstance(message, RefusedSms) and message.missing_parts > 0,
            answering=answering,
        )

    def answer(self, inbound: Inbound, text: str, now: float) -> str | None:
        """Return the answer as it goes to the modem, or None where there is to be none. Counts it as given.

        Raises TooLong when it does not fit into one SMS: texts of ours are checked when they are made.
        """
        if not inbound.may_answer:
            return None
        written = fit(text)
        self._breaker.answered(inbound.sender_key, written, now)
        return written
