"""The states of a report as in event-based surveillance (WHO, CDC): what they are and which step may follow.

Five states are kept apart, because they answer five questions of different people: is this for us at all
(signal), is it true (verification), how bad is it (risk), what is done (response), how did it end
(outcome). They may move in any order: somebody in danger is helped before the story is verified. Three
rules alone hold them together, see `check_step`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from hub.languages import N_

SIGNAL, VERIFICATION, RISK, RESPONSE, OUTCOME = "signal", "verification", "risk", "response", "outcome"
STATES: Final = (SIGNAL, VERIFICATION, RISK, RESPONSE, OUTCOME)
ASSIGNED: Final = "assigned"
"""Who works on it: not a state, but kept in the same history."""

VALUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        SIGNAL: ("new", "kept", "discarded"),
        VERIFICATION: ("not_begun", "under_way", "confirmed", "refuted", "unverifiable"),
        RISK: ("not_assessed", "low", "moderate", "high", "very_high"),
        RESPONSE: ("none", "planned", "begun", "done", "not_needed"),
        OUTCOME: ("open", "safe", "departed", "handed_over", "unfounded", "no_contact", "other"),
    }
)
"""The values of each state; a report begins with the first of each."""

REASON_MAX_CHARACTERS: Final = 500

STAGES: Final = ("new", "kept", "responding", "closed", "discarded")
"""One word for where a report is, made of its states, for lists and filters."""


class StepRefused(Exception):
    """A step that may not be made; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class States:
    """The five states of one report, each one of its `VALUES`."""

    signal: str = "new"
    verification: str = "not_begun"
    risk: str = "not_assessed"
    response: str = "none"
    outcome: str = "open"

    def value(self, state: str) -> str:
        """Return the value of one state by its name."""
        return str(getattr(self, state))

    def with_value(self, state: str, value: str) -> States:
        """Return the states with one changed."""
        return replace(self, **{state: value})

    @property
    def stage(self) -> str:
        """Return where the report is, one of `STAGES`."""
        if self.signal == "discarded":
            return "discarded"
        if self.outcome != "open":
            return "closed"
        if self.response in ("begun", "done"):
            return "responding"
        return "new" if self == States() else "kept"


@dataclass(frozen=True)
class Step:
    """One line of the history: who changed what, when and why. `undoes` is the id of the step taken back."""

    id: int
    at: float
    by: str
    state: str
    was: str
    becomes: str
    reason: str
    undoes: int | None = None


def needs_reason(state: str, value: str) -> bool:
    """Tell whether a step must say why: whatever sets aside, judges or ends."""
    return (
        (state == SIGNAL and value == "discarded")
        or (state == VERIFICATION and value in ("refuted", "unverifiable"))
        or (state == RISK and value != "not_assessed")
        or (state == RESPONSE and value == "not_needed")
        or (state == OUTCOME and value != "open")
    )


def check_step(states: States, state: str, value: str, reason: str) -> States:
    """Return the states after a step; raise StepRefused.

    A discarded report takes no step but being taken up again. It ends (outcome) only when the response is
    done or not needed, or when it was found untrue or impossible to verify. An ended report takes no step but
    being opened again. Taking up again and opening again need a reason as well.
    """
    if state not in VALUES or value not in VALUES[state]:
        raise StepRefused(N_("Pilih salah satu langkah dari daftar."))
    if states.value(state) == value:
        raise StepRefused(N_("Laporan sudah dalam keadaan itu."))
    again = (state == SIGNAL and states.signal == "discarded") or (
        state == OUTCOME and states.outcome != "open"
    )
    if states.signal == "discarded" and state != SIGNAL:
        raise StepRefused(N_("Laporan ini disisihkan: ambil lagi dulu (Sinyal: dipakai)."))
    if states.outcome != "open" and state != OUTCOME:
        raise StepRefused(N_("Laporan ini selesai: buka lagi dulu (Hasil: belum ada)."))
    if state == OUTCOME and value != "open" and not _may_end(states):
        raise StepRefused(
            N_(
                "Hasil dicatat setelah tindakan selesai atau tidak perlu, atau setelah laporan terbukti "
                "tidak benar atau tidak dapat diperiksa."
            )
        )
    check_reason(reason, needed=again or needs_reason(state, value))
    after = states.with_value(state, value)
    if state != SIGNAL and after.signal == "new":
        # Whoever works on it has taken it up.
        after = after.with_value(SIGNAL, "kept")
    return after


def _may_end(states: States) -> bool:
    return states.response in ("done", "not_needed") or states.verification in ("refuted", "unverifiable")


def check_reason(reason: str, *, needed: bool) -> None:
    """Raise StepRefused for a reason that is missing or too long."""
    if needed and not reason.strip():
        raise StepRefused(N_("Tulis alasannya."))
    if len(reason) > REASON_MAX_CHARACTERS:
        raise StepRefused(N_("Alasan paling banyak %(most)s huruf.", most=REASON_MAX_CHARACTERS))


def step_to_undo(history: Sequence[Step]) -> Step | None:
    """Return the last step that stands, or None; `history` is in its order and has every step.

    Steps are taken back from the end: what came after a step may rest on it.
    """
    gone = {step.undoes for step in history if step.undoes is not None}
    for step in reversed(history):
        if step.undoes is None and step.id not in gone:
            return step
    return None
