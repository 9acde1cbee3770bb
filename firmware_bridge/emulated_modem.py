"""A GSM modem that is not there: speaks AT strictly, has a card, a network and an account with credit.

Without I/O: bytes and the time in, bytes out. It refuses what real modems refuse; numbers and forms are those
of 3GPP TS 27.005 and 27.007.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.emulated_commands import Refused, answer_command
from firmware_bridge.emulated_sim import EmulatedSim, MessageStore
from firmware_bridge.emulated_sms_network import Submitted, decode_submit, encode_delivers
from firmware_bridge.sms_pdu import MalformedPdu

LONGEST_COMMAND = 560


@dataclass(frozen=True)
class VendorWays:
    """How one maker's modems differ."""

    model: str = "EMULATED 1"
    boot_lines: tuple[str, ...] = ()
    chatter: str = ""
    chatter_s: float = 20.0
    news_modes: tuple[int, ...] = (0, 1, 2)
    full_line: str = ""


VENDORS = {
    "plain": VendorWays(),
    "huawei": VendorWays("E173", ("^SYSSTART",), "^RSSI:18", 20.0, (0, 1), '^SMMEMFULL: "SM"'),
    "simcom": VendorWays("SIMCOM_SIM800L", ("RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready")),
}


@dataclass
class EmulatedModemSettings:
    """What the modem and its network are like; may be changed while it runs."""

    store_size: int = 20
    pin: str | None = None
    vendor: str = "plain"
    signal: int = 20
    network: int = 1
    """+CREG: 1 at home, 2 searching, 3 refused, 5 roaming."""
    credit: int | None = None
    """So many SMS may be sent; None for as many as wanted."""
    no_credit_code: int = 38
    refusals: list[int] = field(default_factory=list)
    """+CMS ERROR codes for the next messages, whatever else holds."""
    answer_s: float = 0.0
    prompt_s: float = 0.02
    sending_s: float = 0.05
    boot_s: float = 0.5
    redelivery_s: float = 0.5
    is_mute: bool = False
    """Hears and says nothing, as a modem whose firmware hangs."""
    centre: bool = True


class EmulatedModem:
    """The device. `sent` gets each SMS that the network took, by `on_sent` too."""

    def __init__(
        self,
        settings: EmulatedModemSettings,
        now: float,
        on_sent: Callable[[Submitted], None] | None = None,
    ) -> None:
        self.settings = settings
        self.outgoing = bytearray()
        self.sent: list[Submitted] = []
        self.sim = EmulatedSim(settings.store_size, settings.pin)
        self.device_store = MessageStore(10)
        self.held: deque[bytes] = deque()
        self._on_sent = on_sent
        self._reference = 0
        self._sms_reference = 0
        self._later: list[tuple[float, Callable[[], None]]] = []
        self._now = now
        self._redeliver_at = float("inf")
        self._reset()
        self._chatter_at = now + self.ways.chatter_s

    @property
    def ways(self) -> VendorWays:
        """The maker's ways."""
        return VENDORS[self.settings.vendor]

    def _reset(self) -> None:
        self.echoes = True
        self.error_words = 0
        self.pdu_mode = True
        self.news = (0, 0, 0, 0, 0)
        self.stores = ["ME", "ME", "ME"]
        self.tells_network = 0
        self.is_up = True
        self._line = bytearray()
        self._input: deque[int] = deque()
        self._message: bytearray | None = None
        self._announced = 0
        self._busy = False
        self._held_news: list[str] = []

    # --- time ---

    def next_event_at(self) -> float:
        """Return when `advance` has something to do."""
        chatter = self._chatter_at if self.ways.chatter else float("inf")
        return min([at for at, _ in self._later] + [self._redeliver_at, chatter])

    def advance(self, now: float) -> None:
        """Do what is due."""
        self._now = now
        for entry in sorted((e for e in self._later if e[0] <= now), key=lambda e: e[0]):
            if entry in self._later:
                self._later.remove(entry)
                entry[1]()
        if now >= self._redeliver_at:
            self._redeliver_at = float("inf")
            self._deliver_held()
        if self.ways.chatter and now >= self._chatter_at:
            self._chatter_at = now + self.ways.chatter_s
            self.say_unasked(self.ways.chatter)
        self._work()

    def _in(self, seconds: float, action: Callable[[], None]) -> None:
        self._later.append((self._now + seconds, action))

    # --- the wire ---

    def take_bytes(self, received: bytes, now: float) -> None:
        """Take what the computer writes."""
        self.advance(now)
        if self.is_up and not self.settings.is_mute:
            self._input.extend(received)
            self._work()

    def reply(self, *lines: str) -> None:
        """Write lines of an answer."""
        if not self.settings.is_mute:
            self.outgoing += "".join(f"\r\n{line}\r\n" for line in lines).encode("ascii", "replace")

    def say_unasked(self, *lines: str) -> None:
        """Write lines that no command asked for; while a message is being typed in they wait."""
        if not self.is_up:
            return
        if self._message is not None:
            self._held_news.extend(lines)
        else:
            self.reply(*lines)

    def _work(self) -> None:
        while self._input and not self._busy:
            byte = self._input.popleft()
            if self._message is not None:
                self._take_message_byte(byte)
            else:
                self._take_command_byte(byte)

    def _take_command_byte(self, byte: int) -> None:
        if self.echoes and byte != 0x1B:
            self.outgoing.append(byte)
        if byte == 0x0D:
            line, self._line = bytes(self._line).decode("ascii", "replace"), bytearray()
            self._take_command(line.strip())
        elif byte >= 0x20 and len(self._line) < LONGEST_COMMAND:
            self._line.append(byte)

    def _take_command(self, line: str) -> None:
        if line[:2].upper() != "AT":
            return  # not spoken to
        self._busy = True
        self._in(self.settings.answer_s, lambda: self._answer(line[2:]))
        if not self.settings.answer_s:
            self.advance(self._now)

    def _answer(self, commands: str) -> None:
        self._busy = False
        for command in [c for c in re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", commands) if c] or [""]:
            try:
                if command.upper().startswith("+CMGS="):
                    self._begin_message(command[6:])
                    return
                for said in answer_command(self, command):
                    self.reply(said)
            except Refused as refusal:
                self.reply(refusal.line(self.error_words))
                return
        self.reply("OK")

    # --- sending ---

    def _begin_message(self, length: str) -> None:
        self.check_card("CMS")
        if not self.pdu_mode or not re.fullmatch("[0-9]{1,3}", length):
            raise Refused("CMS", 304)
        if not 8 <= int(length) <= 164:
            raise Refused("CMS", 304)
        self._announced = int(length)
        self._busy = True
        self._in(self.settings.prompt_s, self._prompt)

    def _prompt(self) -> None:
        # What was written before the prompt is lost, as on real modems.
        self._input.clear()
        self._busy = False
        self._message = bytearray()
        self.outgoing += b"\r\n> "

    def _take_message_byte(self, byte: int) -> None:
        assert self._message is not None  # noqa: S101  (the caller has looked)
        if byte == 0x1B:
            self._end_message()
            self.reply("OK")
        elif byte == 0x1A:
            typed = bytes(self._message)
            self._end_message()
            self._busy = True
            self._in(self.settings.sending_s, lambda: self._submit(typed))
        else:
            if self.echoes:
                self.outgoing.append(byte)
            self._message.append(byte)

    def _end_message(self) -> None:
        self._message = None
        news, self._held_news = self._held_news, []
        self.say_unasked(*news)

    def _submit(self, typed: bytes) -> None:
        self._busy = False
        try:
            submitted = self._network_takes(typed)
        except Refused as refusal:
            self.reply(refusal.line(self.error_words))
            return
        self._reference = (self._reference + 1) & 255
        self.sent.append(submitted)
        self.reply(f"+CMGS: {self._reference}", "OK")
        if self._on_sent is not None:
            self._on_sent(submitted)

    def _network_takes(self, typed: bytes) -> Submitted:
        settings = self.settings
        try:
            # Strict: upper case hex, nothing between.
            if not re.fullmatch(rb"([0-9A-F]{2})+", typed.strip()):
                raise MalformedPdu("not hex")
            pdu = bytes.fromhex(typed.decode("ascii"))
            submitted = decode_submit(pdu, announced=self._announced)
        except MalformedPdu as error:
            raise Refused("CMS", 304) from error
        self.check_card("CMS")
        if pdu[0] == 0 and not settings.centre:
            raise Refused("CMS", 330)
        if settings.network not in (1, 5) or settings.signal == 0:
            raise Refused("CMS", 331)
        if settings.refusals:
            raise Refused("CMS", settings.refusals.pop(0))
        if settings.credit is not None:
            if settings.credit == 0:
                raise Refused("CMS", settings.no_credit_code)
            settings.credit -= 1
        return submitted

    def check_card(self, kind: str) -> None:
        """Refuse without an open card. Raises Refused."""
        state = self.sim.state
        if state != "READY":
            codes = {None: (310, 10), "SIM PIN": (311, 11), "SIM PUK": (316, 12)}[state]
            raise Refused(kind, codes[0] if kind == "CMS" else codes[1])

    # --- receiving ---

    def deliver(self, sender: str, text: str, unix_s: int) -> int:
        """Have the network deliver a message; return how many parts it has."""
        self._sms_reference = (self._sms_reference + 1) & 255
        pdus = encode_delivers(sender, text, self._sms_reference, unix_s)
        for pdu in pdus:
            self.deliver_pdu(pdu)
        return len(pdus)

    def deliver_pdu(self, pdu: bytes) -> None:
        """Have the network deliver one SMS, now or as soon as it can."""
        self.held.append(pdu)
        self._deliver_held()

    def network_moved(self) -> None:
        """Look again after the settings were changed from outside."""
        if self.tells_network:
            self.say_unasked(f"+CREG: {self.settings.network}")
        self._deliver_held()

    def room_was_made(self) -> None:
        """Have the network try again soon: a message was deleted."""
        if self.held and self._redeliver_at == float("inf"):
            self._redeliver_at = self._now + self.settings.redelivery_s

    def store_named(self, name: str) -> MessageStore:
        """Return a store by name. Raises Refused for another name."""
        if name == "SM":
            return self.sim.store
        if name == "ME":
            return self.device_store
        raise Refused("CMS", 302)

    def _can_receive(self) -> bool:
        settings = self.settings
        return self.is_up and self.sim.state == "READY" and settings.network in (1, 5) and settings.signal > 0

    def _deliver_held(self) -> None:
        while self.held and self._can_receive():
            if self.news[1] == 2:
                pdu = self.held.popleft()
                self.say_unasked(f"+CMT: ,{len(pdu) - 1 - pdu[0]}", pdu.hex().upper())
                continue
            store = self.store_named(self.stores[2])
            if store.is_full:
                if self.ways.full_line:
                    self.say_unasked(self.ways.full_line)
                return
            slot = store.add(self.held.popleft())
            if self.news[1] == 1:
                self.say_unasked(f'+CMTI: "{self.stores[2]}",{slot}')

    # --- power ---

    def restart(self, now: float) -> None:
        """Go down and come up again, whatever is under way."""
        self._now = now
        self._later.clear()
        self.outgoing.clear()
        self._reset()
        self.is_up = False
        self.sim.lock()
        self._in(self.settings.boot_s, self._come_up)

    def _come_up(self) -> None:
        self.is_up = True
        self.reply(*self.ways.boot_lines)
        self._deliver_held()

    def restart_soon(self) -> None:
        """Start anew once the answer is written."""
        self._in(0.1, lambda: self.restart(self._now))
