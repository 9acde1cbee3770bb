"""The rim of SMS: what lies on the SIM card is talked over, sealed at the box, answered, and then deleted.

The card is the only memory that outlives this process. A message is told again after a crash under the same
id (a keyed hash of its bytes, the key in the bot's folder), its wishes carry tokens of that id, and the box
takes a token once: no report is lost and none is made twice, whenever the process dies.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import Protocol

from bots.conversations import Conversations
from bots.desks.fulfilling import Desk, Fulfilled, Talk, fulfilled
from bots.desks.subscribing import AddressedDesk, SubscriptionDesk
from bots.dialogue.contract import Reply, Room, Said, Seems, State
from bots.dialogue.emergency_numbers import first_number
from bots.dialogue.scene import Scene
from bots.dialogue.short_messages import A_STORY_WORDS, KEYWORDS
from bots.dialogue.shortening import cut
from bots.sms.auto_replies import Answering, LoopBreaker
from bots.sms.bulletin_post import BulletinPost
from bots.sms.counts import Counts
from bots.sms.keywords import split_keyword
from bots.sms.machine_signs import QUICK_S, seems
from bots.sms.senders import SenderKind, kind_of, usual_number
from bots.sms.words import INCOMPLETE, UNREADABLE, WAITS
from bots.texts import say
from firmware_bridge.sms_inbox import Incoming, ReceivedSms, RefusedSms
from firmware_bridge.sms_outbox import NotSent, Verdict
from sync.clock import Clock

_log = logging.getLogger(__name__)
LOOK_S = 1.0
"""How long to wait for the next message before looking after those that wait."""
AGAIN_S = 15.0
"""A box that is away or full is asked again after so long."""
PATIENCE_S = 300.0
"""So long it may be away before people are told that their message is not kept yet."""
MOST_TRIES = 5
"""So often an answer is sent again that the network did not take; the report is kept long since."""
LOST = "Sebagian SMS ini hilang:"
"""Before the story of such a report; staff read Indonesian, so it is not translated."""
WHOLE_ENOUGH = ("report", "urgent", "look", "add", "withdraw")
"""Wishes at the beginning of a message that stand though parts of it are missing."""
OF_PEOPLE = (*WHOLE_ENOUGH, "ask")
"""Wishes that no program writes."""
ABOUT_BULLETINS = ("start", "stop")
"""Wishes of which the latest alone holds."""


class Modem(Protocol):
    """What of a modem is used; `firmware_bridge.sms_modem.SmsModem` has it."""

    def incoming(self, timeout_s: float) -> Incoming | None:
        """Return the next message, None after the wait."""
        ...

    def send(self, number: str, text: str) -> Verdict:
        """Send one message."""
        ...

    def forget(self, message_id: str) -> None:
        """Delete a message from the card."""
        ...


@dataclass(frozen=True)
class SmsParts:
    """What the rim joins. `room(token)`: the room of one message, drawing tokens from `token`."""

    modem: Modem
    talk: Talk
    room: Callable[[Callable[[], str]], Room]
    desk: Desk
    conversations: Conversations
    loops: LoopBreaker
    counts: Counts
    clock: Clock
    subscriptions: SubscriptionDesk | None = None
    """Takes wishes about bulletins, with the number; None: nobody does."""
    bulletins: BulletinPost | None = None
    """Sends what the hub has for subscribers, at the hub alone."""


@dataclass
class _Waiting:
    """A message that the box could not take yet."""

    message: Incoming
    since_s: float
    again_s: float
    told: bool = False
    tries: int = 0
    """How often its answer could not be sent."""
    done: Fulfilled | None = None
    """What came of it: the box is not asked again because the network did not take an answer."""
    said: int = 0
    """How many of its replies went out."""
    number: int = 0
    """In which order it came."""
    seems: Seems | None = None
    """Who seems to have written it, weighed once."""
    answering: Answering | None = None
    """Whether it is answered, asked once: the same text again and again would be a machine."""


class SmsRim:
    """Takes messages one after the other, in one thread."""

    def __init__(self, parts: SmsParts) -> None:
        self._parts = parts
        self._waiting: deque[_Waiting] = deque()
        self._unanswered: deque[_Waiting] = deque()
        """What is safe in the box and still lies on the card until its sender is answered."""
        self._came = 0

    def run(self, stop: Event) -> None:
        """Serve until stopped; a message that is being taken is taken to its end."""
        while not stop.is_set():
            self.turn(LOOK_S)

    def turn(self, timeout_s: float) -> None:
        """Take all messages that came, and those whose time has come again; then answer one person.

        Without network an answer waits for minutes: everything is safe in the box before the first of them.
        """
        message = self._parts.modem.incoming(0 if self._unanswered else timeout_s)
        now = self._parts.clock.monotonic_s()
        self._parts.conversations.forget_silent(now)
        while message is not None:
            self._parts.counts.add("received")
            self._came += 1
            self._take(_Waiting(message, now, now, number=self._came), now)
            message = self._parts.modem.incoming(0)
        for _ in range(len(self._waiting)):
            one = self._waiting.popleft()
            if now < one.again_s:
                self._waiting.append(one)
            else:
                self._take(one, now)
        self._parts.counts.waiting = sum(one.done is None for one in self._waiting)
        if self._unanswered:
            self._finish(self._unanswered.popleft(), now)
        elif message is None and self._parts.bulletins is not None:
            self._parts.bulletins.turn(now)  # whoever writes goes first

    def _take(self, one: _Waiting, now: float) -> None:
        message, parts = one.message, self._parts
        sender = kind_of(message.sender, is_alphanumeric=message.is_alphanumeric)
        if sender is SenderKind.SERVICE:
            parts.counts.add("services")  # an operator or an advertisement: nobody is in need there
            parts.modem.forget(message.message_id)
        elif one.done is not None or self._fulfilled(one, sender, now):
            self._unanswered.append(one)

    def _finish(self, one: _Waiting, now: float) -> None:
        """Answer what is safe and let it go from the card."""
        message = one.message
        sender = kind_of(message.sender, is_alphanumeric=message.is_alphanumeric)
        if one.done is not None and not self._answer(one, one.done, sender, now) and one.tries < MOST_TRIES:
            one.tries += 1
            self._wait(one, now, None, sender)
            return
        self._parts.modem.forget(message.message_id)

    def _fulfilled(self, one: _Waiting, sender: SenderKind, now: float) -> bool:
        """Have a message talked over; False where it stays on the card and waits."""
        message, parts = one.message, self._parts
        done: Fulfilled | None
        try:
            done = self._talked(one, sender, now)
        except Exception as error:
            # A fault of ours: the text could hold what somebody wrote. The message stays on the card.
            _log.error("fault with a message: %s", type(error).__name__)
            parts.counts.add("faults")
            done = None
        if done is None or done.waits:
            self._wait(one, now, done, sender)
            return False
        one.done = done
        if sender is SenderKind.PERSON and _wish_in(message) in ABOUT_BULLETINS:
            self._overtake(one)
        if sender is SenderKind.PERSON:
            parts.conversations.keep(self._key(message), done.state, now)
        return True

    def _overtake(self, one: _Waiting) -> None:
        """Let go what the same number wished of bulletins before: whoever wrote BERHENTI is not told again
        because an earlier LANGGANAN waits here, or lies on the card until it is answered."""
        key = self._key(one.message)

        def is_over(other: _Waiting) -> bool:
            wishes = _wish_in(other.message) in ABOUT_BULLETINS
            return wishes and other.number < one.number and self._key(other.message) == key

        for queue in (self._waiting, self._unanswered):
            for other in [other for other in queue if is_over(other)]:
                queue.remove(other)
                self._parts.modem.forget(other.message.message_id)

    def _key(self, message: Incoming) -> bytes:
        return self._parts.conversations.key_of(usual_number(message.sender))

    def _weighed(self, message: Incoming, sender: SenderKind, now: float) -> Seems | None:
        """Return who seems to have written a message; None for a doubtful one that came before, word by word,
        and was filed or asked back then."""
        text = _text_of(message)
        is_free = len(text.split()) >= A_STORY_WORDS and _wish_in(message) not in OF_PEOPLE
        if not is_free or (isinstance(message, ReceivedSms) and message.missing_parts):
            return Seems.PERSON
        if sender is not SenderKind.PERSON:  # of a hidden number: nobody can be asked back
            return Seems.PERSON if seems(text, is_quick=False) is Seems.PERSON else Seems.DOUBTFUL
        parts, key = self._parts, self._key(message)
        found = seems(text, is_quick=parts.loops.is_quick(key, now, QUICK_S))
        if found is Seems.PERSON:
            return found
        if parts.loops.doubted_before(key, text, now):
            parts.counts.add("doubted_again")
            return None
        if found is Seems.MACHINE and not parts.loops.may_ask_back(key, now):
            found = Seems.DOUBTFUL
        parts.counts.add("asked_back" if found is Seems.MACHINE else "doubtful")
        return found

    def _talked(self, one: _Waiting, sender: SenderKind, now: float) -> Fulfilled:
        message = one.message
        numbers = iter(range(1_000_000))
        room = self._parts.room(lambda: f"sms-{message.message_id}-{next(numbers)}")
        # Whose number is hidden goes on with nobody's conversation: that of another would get their words.
        is_known = sender is SenderKind.PERSON
        state = self._parts.conversations.state_of(self._key(message), now) if is_known else State()
        if isinstance(message, RefusedSms):
            return Fulfilled(state, (Reply(cut(say(state.language, UNREADABLE))),), False)
        if one.seems is None:
            one.seems = self._weighed(message, sender, now)
        if one.seems is None:
            return Fulfilled(state, (), False)
        subscriptions = self._parts.subscriptions if is_known else None
        desk = AddressedDesk(self._parts.desk, subscriptions, message.sender)
        done = fulfilled(self._parts.talk, state, Said(_heard_in(message), one.seems), room, desk)
        if not message.missing_parts or done.waits:
            return done
        told = Reply(cut(say(done.state.language, INCOMPLETE)))
        return replace(done, replies=(*done.replies, told))

    def _wait(self, one: _Waiting, now: float, done: Fulfilled | None, sender: SenderKind) -> None:
        """Keep a message on the card; tell once, after a while, that it is not kept yet."""
        if done is not None and not one.told and now - one.since_s >= PATIENCE_S:
            scene = Scene(done.state, self._parts.room(lambda: ""))
            text = scene.say(WAITS, phone=first_number(scene))
            self._answer(one, replace(done, replies=(Reply(cut(text)),)), sender, now)
            one.said, one.told = 0, True
        one.again_s = now + AGAIN_S
        self._waiting.append(one)

    def _answer(self, one: _Waiting, done: Fulfilled, sender: SenderKind, now: float) -> bool:
        """Send what is replied; return False where it was surely not sent and may be later."""
        if not done.replies or sender is not SenderKind.PERSON:
            return True
        parts, message = self._parts, one.message
        key = self._key(message)
        if one.answering is None:
            asks_back = one.seems is Seems.MACHINE
            one.answering = parts.loops.ask(key, _text_of(message), now, asks_back=asks_back)
        if one.answering is not Answering.YES:
            parts.counts.add("unanswered")
            return True
        for reply in done.replies[one.said :]:
            verdict = parts.modem.send(message.sender, reply.text)
            if isinstance(verdict, NotSent):
                parts.counts.add("unsent")
                _log.warning("an answer was not sent: %s", verdict.reason)
                return verdict.may_have_been_sent
            one.said += 1
            parts.counts.add("sent")
            parts.loops.answered(key, reply.text, now)
        return True


def _text_of(message: Incoming) -> str:
    return message.text if isinstance(message, ReceivedSms) else ""


def _wish_in(message: Incoming) -> str:
    split = split_keyword(_text_of(message), KEYWORDS)
    return KEYWORDS[split.keyword.casefold()][0] if split.keyword else ""


def _heard_in(message: ReceivedSms) -> str:
    """Return the text; of one with parts missing nobody knows what it wished, so what is left is a report."""
    if message.missing_parts and _wish_in(message) not in WHOLE_ENOUGH:
        return f"LAPOR {LOST} {message.text}"
    return message.text
