"""The states of a signal and which step may follow: one pure machine.

A signal is a suspicion. It is checked (verification), weighed (assessment), acted on (response) and closed
as true, false or unknown. Somebody in danger is helped before the story is checked: so a response may begin
at any time, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from hub.cases.states import StepRefused, check_reason
from hub.languages import N_
from hub.warning.risk import Cell

OPEN, VERIFICATION, ASSESSMENT, RESPONSE, CLOSED = "open", "verification", "assessment", "response", "closed"
STATES: Final = (OPEN, VERIFICATION, ASSESSMENT, RESPONSE, CLOSED)
TRUE, FALSE, UNKNOWN = "true", "false", "unknown"
VERDICTS: Final = (TRUE, FALSE, UNKNOWN)
OUTCOMES: Final = (
    *("prevented", "rescued", "handed_over", "warned"),
    *("explained", "data_error", "no_contact", "other"),
)
"""How it ended, whatever the verdict."""
CLOSING_ROLES: Final = ("supervisor", "administrator")
"""Who may close a signal, and say that its risk is high or that it is high no more."""

WAYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        OPEN: (VERIFICATION, RESPONSE, CLOSED),
        VERIFICATION: (ASSESSMENT, RESPONSE, OPEN, CLOSED),
        ASSESSMENT: (RESPONSE, VERIFICATION, CLOSED),
        RESPONSE: (ASSESSMENT, VERIFICATION, CLOSED),
        CLOSED: (VERIFICATION,),
    }
)
"""From each state to which, the usual way first."""
_FORWARD: Final = ((OPEN, VERIFICATION), (VERIFICATION, ASSESSMENT), (ASSESSMENT, RESPONSE))
"""Steps of the usual way, which need no reason."""


@dataclass(frozen=True)
class Standing:
    """Where a signal stands. `verdict` is set exactly when it is closed."""

    state: str = OPEN
    verdict: str | None = None
    cell: Cell | None = None


def needs_reason(state: str, to: str) -> bool:
    """Tell whether a step must say why: what closes, opens again, goes back or leaves a state out."""
    return (state, to) not in _FORWARD


def check_move(
    standing: Standing,
    to: str,
    reason: str,
    *,
    may_close: bool,
    verdict: str | None = None,
    outcome: str | None = None,
) -> Standing:
    """Return where the signal stands after a step; raise StepRefused.

    Only `may_close` closes, with one of `VERDICTS` and of `OUTCOMES`; as true only what was weighed. A
    response begins without a word only where the risk is known.
    """
    if to not in STATES:
        raise StepRefused(N_("Pilih salah satu langkah dari daftar."))
    if to == standing.state:
        raise StepRefused(N_("Sinyal sudah dalam keadaan itu."))
    if to not in WAYS[standing.state]:
        raise StepRefused(N_("Langkah itu tidak mungkin dari keadaan sinyal sekarang."))
    if to == CLOSED:
        _check_closing(standing, verdict, outcome, may_close=may_close)
        check_reason(reason, needed=True)
        return replace(standing, state=CLOSED, verdict=verdict)
    if (standing.state, to) == (ASSESSMENT, RESPONSE) and standing.cell is None:
        raise StepRefused(N_("Nilai risikonya dulu: pilih satu kotak dalam matriks."))
    check_reason(reason, needed=needs_reason(standing.state, to))
    return replace(standing, state=to, verdict=None)


def _check_closing(standing: Standing, verdict: str | None, outcome: str | None, *, may_close: bool) -> None:
    if not may_close:
        raise StepRefused(N_("Hanya penyelia dapat menutup sinyal."))
    if verdict not in VERDICTS:
        raise StepRefused(N_("Pilih apakah sinyal benar, tidak benar, atau tidak diketahui."))
    if outcome not in OUTCOMES:
        raise StepRefused(N_("Pilih hasil dari daftar."))
    if verdict == TRUE and standing.cell is None:
        raise StepRefused(N_("Sinyal ditutup sebagai benar hanya setelah risikonya dinilai."))


def check_assessment(standing: Standing, cell: Cell, reason: str, *, may_close: bool) -> Standing:
    """Return where the signal stands with its risk weighed; raise StepRefused.

    It is weighed once it was verified, always with a reason. What is high, or was, is a supervisor's to say.
    """
    if standing.state not in (ASSESSMENT, RESPONSE):
        raise StepRefused(N_("Risiko dinilai setelah verifikasi: pindahkan sinyal ke penilaian risiko dulu."))
    if cell == standing.cell:
        raise StepRefused(N_("Risikonya sudah dinilai begitu."))
    if not may_close and (cell.is_high or (standing.cell is not None and standing.cell.is_high)):
        raise StepRefused(N_("Risiko tinggi dinilai oleh penyelia."))
    check_reason(reason, needed=True)
    return replace(standing, cell=cell)
