"""The SIM card of the emulated modem: its PIN, and a store of messages with a size."""

from __future__ import annotations

from dataclasses import dataclass, field

UNREAD, READ, UNSENT, SENT = 0, 1, 2, 3
PIN_TRIES = 3


@dataclass
class StoredSms:
    """One message: state as +CMGL gives it, and the PDU."""

    state: int
    pdu: bytes


@dataclass
class MessageStore:
    """Slots from 1 to `size`."""

    size: int
    slots: dict[int, StoredSms] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """No slot is free."""
        return len(self.slots) >= self.size

    def add(self, pdu: bytes, state: int = UNREAD) -> int:
        """Store in the first free slot and return it; the store must not be full."""
        slot = next(slot for slot in range(1, self.size + 1) if slot not in self.slots)
        self.slots[slot] = StoredSms(state, pdu)
        return slot


class EmulatedSim:
    """A card: in or out, locked or open."""

    def __init__(self, store_size: int, pin: str | None) -> None:
        self.store = MessageStore(store_size)
        self.is_in = True
        self._pin = pin
        self._tries_left = PIN_TRIES
        self.is_open = pin is None

    def lock(self) -> None:
        """Want the PIN again, as after a start."""
        self.is_open = self._pin is None

    @property
    def state(self) -> str | None:
        """What +CPIN? says, or None without a card."""
        if not self.is_in:
            return None
        if self._tries_left == 0:
            return "SIM PUK"
        return "READY" if self.is_open else "SIM PIN"

    def enter_pin(self, pin: str) -> bool:
        """Try a PIN; after three wrong ones the card is locked."""
        if self._tries_left == 0:
            return False
        if pin != self._pin:
            self._tries_left -= 1
            return False
        self._tries_left = PIN_TRIES
        self.is_open = True
        return True
