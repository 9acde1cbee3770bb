"""One connection to a GSM modem, without the I/O: sets it up, watches it, takes messages in and sends some.

The commands are those of 3GPP TS 27.005 and 27.007. A modem that starts anew is set up anew; one that does
not answer is greeted anew, and then the connection ends and the supervisor opens the port again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.at_dialogue import (
    ESCAPE,
    Answer,
    Command,
    MessagePassed,
    MessageStored,
    Restarted,
)
from firmware_bridge.at_errors import Trouble
from firmware_bridge.modem_answers import (
    CARD_TROUBLES,
    card_state,
    knows_centre,
    model_name,
    network_state,
    one_message,
    pdu_bytes,
    received_messages,
    signal_dbm,
    store_places,
    trouble_of_card,
)
from firmware_bridge.modem_greeting import GreetedModem, ModemSettings
from firmware_bridge.modem_health import ModemHealth
from firmware_bridge.sms_inbox import ReceivedSms, SmsInbox
from firmware_bridge.sms_outbox import SmsOutbox

SHORT_CODE_DIGITS = 6
"""Numbers of so few digits belong to operators and services."""

OWN_STORE = "ME"
"""The modem's own store of messages, beside the card's."""

ELSEWHERE = 1000
"""Added to slots of the modem's own store: what came before the card's was chosen lies there."""


@dataclass
class PinOnce:
    """Whether the PIN was tried; lives as long as the program."""

    tried: bool = False


class ModemSession(GreetedModem):
    """Moves between saying hello, setting up and rounds; what it learns goes into `health`."""

    def __init__(
        self,
        settings: ModemSettings,
        inbox: SmsInbox,
        outbox: SmsOutbox,
        health: ModemHealth,
        pin: PinOnce,
        now: float,
    ) -> None:
        super().__init__(settings, health, now)
        self._inbox = inbox
        self._outbox = outbox
        self._pin = pin
        self._round_at = now
        self._is_due = False
        self._to_read: deque[int] = deque()
        self._has_listed = False
        self._elsewhere: dict[int, bytes] = {}
        self._reads_card = False
        self._events_told = len(inbox.events)
        self._begin()

    def take_bytes(self, received: bytes, now: float) -> None:
        """Act on what has arrived."""
        self._now = now
        self._talk.take_bytes(received, now)
        self._take_events()
        self._go_on()

    def next_timer_at(self) -> float:
        """Return when `handle_timers` is due."""
        if self._is_due:
            return self._now
        waits = [self._talk.next_timer_at(), self._wake_at, self._inbox.next_timer_at()]
        if self.is_live and self._talk.is_idle and not self._steps:
            waits.append(self._round_at)
            if self._health.is_registered:
                waits.append(self._outbox.next_timer_at(self._now))
        return min(waits)

    def handle_timers(self, now: float) -> None:
        """Do what is due."""
        self._now = now
        self._is_due = False
        self._talk.handle_timers(now)
        self._inbox.handle_timers(now)
        self._outbox.expire(now)
        if self._talk.timed_out and not self._is_greeting:
            # The answer may still come, and would be taken for that of the next command.
            self._begin()
        if now >= self._wake_at:
            self._wake_at = float("inf")
            self._on_wake()
        self._go_on()

    def look_again(self) -> None:
        """Be due at once: something changed from outside."""
        self._is_due = True

    def say_goodbye(self) -> None:
        """Let go: an open prompt is closed, so that the next program finds the modem listening."""
        self.end()
        self._talk.outgoing += ESCAPE

    def end(self) -> None:
        """Give up what is under way; messages being sent get their verdict."""
        self._talk.drop_all()

    # --- set-up ---

    def _set_up_steps(self) -> list[Callable[[], None]]:
        return [
            lambda: self._ask("ATE0", self._ignore),
            lambda: self._ask("AT+CMEE=1", self._may_refuse("+CMEE")),
            lambda: self._ask("AT+CGMM", self._took_model),
            self._ask_card,
        ]

    def _ask_card(self) -> None:
        self._ask("AT+CPIN?", self._took_card, prefix="+CPIN:")

    def _took_card(self, answer: Answer) -> None:
        said = card_state(answer)
        self._health.sim_is_ready = said == "READY"
        if said == "READY":
            self._health.sim = None
            self._steps.extend([self._set_mode, self._look_elsewhere, self._set_store])
            self._steps.extend([self._ask_centre, self._set_news, self._live])
        elif said == "SIM PIN" and self._settings.pin is not None and not self._pin.tried:
            self._pin.tried = True
            self._steps.append(lambda: self._ask(f'AT+CPIN="{self._settings.pin}"', self._ignore))
            self._steps.append(self._ask_card)
        else:
            self._health.sim = trouble_of_card(answer)
            self._wake_in(self._settings.round_s / 3, lambda: self._steps.append(self._ask_card))

    def _set_mode(self) -> None:
        self._ask("AT+CMGF=0", self._may_refuse("+CMGF"))

    def _set_store(self) -> None:
        def took(answer: Answer) -> None:
            self._reads_card = answer.error is None
            if answer.error is not None:  # some have their card under another name, or no choice
                self._health.refused_settings.append("+CPMS")
                self._note_error(answer)
            self._took_store(answer)

        self._ask('AT+CPMS="SM","SM","SM"', took, prefix="+CPMS:")

    def _look_elsewhere(self) -> None:
        """Read the modem's own store: after a start some modems put messages there until told not to."""

        def listed(answer: Answer) -> None:
            found = received_messages(answer) if answer.error is None else None
            self._elsewhere = {ELSEWHERE + slot: pdu for slot, pdu in (found or {}).items()}

        def chosen(answer: Answer) -> None:
            if answer.error is None and store_places(answer) != (0, 0):
                self._steps.appendleft(
                    lambda: self._ask("AT+CMGL=4", listed, "+CMGL:", self._settings.listing_s)
                )

        self._ask(f'AT+CPMS="{OWN_STORE}"', chosen, prefix="+CPMS:")

    def _ask_centre(self) -> None:
        def took(answer: Answer) -> None:
            if answer.error is None:
                self._health.has_centre = knows_centre(answer)

        self._ask("AT+CSCA?", took, prefix="+CSCA:")

    def _set_news(self) -> None:
        """Have new messages stored and told; some want the first figure 1. Without news, rounds find them."""

        def second(answer: Answer) -> None:
            self._health.tells_of_new = answer.error is None
            self._may_refuse("+CNMI")(answer)

        def first(answer: Answer) -> None:
            self._health.tells_of_new = answer.error is None
            if answer.error is not None:
                self._steps.appendleft(lambda: self._ask("AT+CNMI=1,1,0,0,0", second))

        self._ask("AT+CNMI=2,1,0,0,0", first)

    def _live(self) -> None:
        self._to_read.clear()
        self._has_listed = False
        self.is_live = True
        self._health.is_ready = True
        self._plan_round()

    # --- rounds ---

    def _plan_round(self) -> None:
        self._round_at = self._now + self._settings.round_s
        ask = self._ask
        self._steps.extend(
            [
                lambda: ask("AT+CREG?", self._took_network, prefix="+CREG:"),
                lambda: ask("AT+CSQ", self._took_signal, prefix="+CSQ:"),
                lambda: ask("AT+CPMS?", self._took_store, prefix="+CPMS:"),
                lambda: ask("AT+CMGL=4", self._took_listing, "+CMGL:", self._settings.listing_s),
            ]
        )

    def _took_network(self, answer: Answer) -> None:
        self._note_error(answer)
        self._health.network = network_state(answer)

    def _took_signal(self, answer: Answer) -> None:
        self._health.signal_dbm = signal_dbm(answer)

    def _took_store(self, answer: Answer) -> None:
        if (places := store_places(answer)) is not None:
            self._health.store_used, self._health.store_size = places
            self._inbox.is_full = self._health.store_is_full

    def _took_listing(self, answer: Answer) -> None:
        self._note_error(answer)
        if answer.error is not None:
            self._check_card_after(answer)
            return
        listing = received_messages(answer)
        if listing is None:
            # Words where figures belong: the modem has fallen back into text mode.
            self._steps.append(self._set_mode)
            return
        self._inbox.take_listing(listing | self._elsewhere, self._now)
        self._has_listed = True

    def _check_card_after(self, answer: Answer) -> None:
        """A card that was pulled or locked shows in any command's error: set up from the card on."""
        if answer.error is not None and answer.error.trouble in CARD_TROUBLES:
            self._is_not_ready()
            self._steps.append(self._ask_card)

    # --- between rounds ---

    def _go_on(self) -> None:
        """Ask the next thing when nothing is under way."""
        self._hear_operator()
        while self._talk.is_idle and self.failure is None:
            if self._steps:
                self._steps.popleft()()
            elif not (self.is_live and self._wake_at == float("inf") and self._do_next()):
                break
        self._health.waiting_to_send = len(self._outbox)
        self._health.credit = self._outbox.credit.credit

    def _do_next(self) -> bool:
        """Begin what is most needed: room on the card, then reading, a round, sending."""
        if self._has_listed and (slots := self._inbox.slots_to_delete()):
            self._delete(slots[0])
        elif self._to_read:
            slot = self._to_read.popleft()
            self._ask(f"AT+CMGR={slot}", lambda answer: self._took_message(slot, answer), prefix="+CMGR:")
        elif self._now >= self._round_at:
            self._plan_round()
        else:
            return self._send_next()
        return True

    def _took_message(self, slot: int, answer: Answer) -> None:
        if (data := one_message(answer)) is not None:
            self._inbox.take(slot, data, self._now)

    def _delete(self, slot: int) -> None:
        """Delete a slot, after a look whether it still holds what may go: cards are swapped."""

        def looked(answer: Answer) -> None:
            data = one_message(answer)
            if data is not None and self._inbox.holds(slot, data):
                self._steps.appendleft(lambda: self._ask(f"AT+CMGD={index}", deleted))
            else:
                done(answer)

        def deleted(answer: Answer) -> None:
            if answer.error is None and index == slot and self._health.store_used:
                self._health.store_used -= 1
                self._inbox.is_full = self._health.store_is_full
            done(answer)

        def done(answer: Answer) -> None:
            self._note_error(answer)
            self._inbox.deleted(slot)  # where it failed, the next listing shows it again
            self._elsewhere.pop(slot, None)
            if index != slot:
                self._steps.append(self._set_store)

        index = slot % ELSEWHERE
        if index != slot:
            self._ask('AT+CPMS="ME"', self._ignore, prefix="+CPMS:")
        self._ask(f"AT+CMGR={index}", looked, prefix="+CMGR:")

    def _send_next(self) -> bool:
        if not self._health.is_registered:
            return False
        part = self._outbox.part_to_send(self._now)
        if part is None:
            return False
        pdu, length = part
        self._talk.ask(
            Command(
                f"AT+CMGS={length}",
                self._took_sending,
                "+CMGS:",
                self._settings.sending_s,
                pdu.hex().upper().encode("ascii"),
            ),
            self._now,
        )
        return True

    def _took_sending(self, answer: Answer) -> None:
        if answer.error is None:
            self._outbox.sent_part()
            return
        self._note_error(answer)
        self._outbox.failed_part(answer.error, may_have_acted=answer.may_have_acted, now=self._now)
        if answer.error.trouble is Trouble.NO_NETWORK:
            self._round_at = self._now  # look at the network before the next try
        self._check_card_after(answer)

    # --- unasked ---

    def _take_events(self) -> None:
        events, self._talk.events = self._talk.events, []
        for event in events:
            if isinstance(event, Restarted):
                self._restart()
                return
            if isinstance(event, MessageStored) and self.is_live:
                self._stored(event)
            elif isinstance(event, MessagePassed) and (data := pdu_bytes(event.pdu_hex)) is not None:
                self._inbox.take(None, data, self._now)

    def _stored(self, event: MessageStored) -> None:
        if event.store == OWN_STORE and self._reads_card:
            # Some put there what the card has no place for: the number is none of the card.
            if self._look_elsewhere not in self._steps:
                self._steps.extend([self._look_elsewhere, self._set_store])
            self._round_at = self._now
        elif event.index not in self._to_read:
            self._to_read.append(event.index)

    def _restart(self) -> None:
        """The modem came up anew: nothing that was set is set any more."""
        if self.is_live or self._steps:
            self._health.restarts += 1
        self._talk.drop_all()
        self._talk.outgoing.clear()
        self._is_not_ready()
        self._wake_in(self._settings.boot_s, self._begin)

    def _hear_operator(self) -> None:
        """Let the judge of the credit read what operators write."""
        for event in self._inbox.events[self._events_told :]:
            if isinstance(event, ReceivedSms) and (
                event.is_alphanumeric or len(event.sender.lstrip("+")) <= SHORT_CODE_DIGITS
            ):
                self._outbox.credit.heard_from_operator(event.text, self._now)
        self._events_told = len(self._inbox.events)

    def events_were_taken(self, count: int) -> None:
        """Take note that so many of the inbox's events, from the front, were moved elsewhere."""
        self._events_told = max(0, self._events_told - count)

    def _took_model(self, answer: Answer) -> None:
        self._health.model = model_name(answer)
