"""What a modem says of itself, without any number: card, network, signal, store, credit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from firmware_bridge.at_errors import AtError, Trouble
from firmware_bridge.sms_credit import Credit

NETWORKS = {
    "0": "none, and not searching",
    "1": "registered",
    "2": "searching",
    "3": "refused by the network",
    "4": "unknown",
    "5": "registered, roaming",
    "6": "registered, SMS only",
    "7": "registered, SMS only, roaming",
}
REGISTERED = ("1", "5", "6", "7")
WEAK_DBM = -101
"""Below, messages get lost in bad weather."""


@dataclass
class ModemHealth:
    """Figures of one modem. `signal_dbm` is None where the modem does not know."""

    port_problem: str | None = "connecting to the modem"
    is_ready: bool = False
    model: str = ""
    sim: Trouble | None = None
    sim_is_ready: bool = False
    network: str = "4"
    signal_dbm: int | None = None
    store_used: int = 0
    store_size: int = 0
    has_centre: bool = True
    tells_of_new: bool = True
    credit: Credit = Credit.UNKNOWN
    last_error: AtError | None = None
    waiting_to_send: int = 0
    restarts: int = 0
    refused_settings: list[str] = field(default_factory=list)

    @property
    def is_registered(self) -> bool:
        """The network has taken the card in."""
        return self.network in REGISTERED

    @property
    def store_is_full(self) -> bool:
        """The card has no place for another message."""
        return 0 < self.store_size <= self.store_used

    def problems(self) -> list[str]:
        """Return what is wrong and what to do, one line each, the worst first."""
        if self.port_problem is not None:
            return [self.port_problem]
        if self.sim is not None:
            return [self.sim.value]
        if not self.is_ready:
            return ["the modem is being set up"]
        found = []
        if self.network == "3":
            found.append("the network refuses this card: it may have expired; ask the operator")
        elif not self.is_registered:
            found.append(Trouble.NO_NETWORK.value)
        elif self.signal_dbm is not None and self.signal_dbm < WEAK_DBM:
            found.append(f"the signal is weak ({self.signal_dbm} dBm): move the aerial higher or outside")
        if not self.has_centre:
            found.append(Trouble.NO_CENTRE.value)
        if self.store_is_full:
            found.append(Trouble.STORE_FULL.value)
        if self.credit in (Credit.SUSPECTED, Credit.OUT):
            found.append(Trouble.NO_CREDIT.value)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the figures in words, for a page or a command."""
        values = asdict(self)
        values["sim"] = self.sim.name.lower() if self.sim else ("ready" if self.sim_is_ready else "unknown")
        values["network"] = NETWORKS.get(self.network, "unknown")
        values["credit"] = self.credit.value
        values["last_error"] = str(self.last_error) if self.last_error else None
        values["problems"] = self.problems()
        del values["sim_is_ready"]
        return values
