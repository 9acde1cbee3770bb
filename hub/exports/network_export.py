"""A network of a person of interest for police and MISP: STIX 2.1, for supervisors with a reason.

Nothing of a reporter and no story is in it; who was wrongly named has no network.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

from hub.audit.entries import REASON_MAX_CHARACTERS
from hub.exports.ledger import ExportLedger
from hub.exports.services import ExportFile, ExportRefused
from hub.languages import N_
from hub.links.network import Group
from hub.links.profile import Counted, profile_of
from hub.people_services import UnknownGroup
from hub.services import SignedIn
from sync.clock import Clock

STIX_TYPE: Final = "application/stix+json;version=2.1"
MAKING_TIMEOUT_S: Final = 60
Passable = Callable[..., tuple[Group, ...]]
"""`LinkWork.passable`."""


class NetworkExport:
    """Makes bundles. Threads may share it. `key` tells this hub's ids from another's."""

    def __init__(
        self, passable: Passable, ledger: ExportLedger, clock: Clock, *, hub_name: str, key: bytes
    ) -> None:
        self._passable = passable
        self._ledger = ledger
        self._clock = clock
        self._hub_name = hub_name
        self._key = key

    def stix(self, person: int, reason: str, *, who: SignedIn) -> ExportFile:
        """See `NetworkExportServices.stix`."""
        reason = " ".join(reason.split())
        if who.role != "supervisor":
            raise ExportRefused(N_("Hanya supervisor yang mengekspor nama, nomor telepon dan cerita."))
        groups = self._passable(person, who=who)
        if not groups or groups[0].number != person:
            raise UnknownGroup
        if not reason or len(reason) > REASON_MAX_CHARACTERS or not reason.isprintable():
            raise ExportRefused(N_("Alasan berisi 1 sampai %(most)s huruf.", most=REASON_MAX_CHARACTERS))
        reports = sorted({one.id for group in groups for one in group.reports})
        also = [*(f"person {group.number}" for group in groups), *(f"report {one}" for one in reports)]
        about = f"stix person {person}"
        self._ledger.take(who, "network exported", about, len(reports), reason, also=also)
        now = datetime.datetime.fromtimestamp(self._clock.wall_s(), datetime.UTC)
        facts = {
            "hub": self._hub_name,
            "key": self._key.hex(),
            "now": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "people": [_facts(group) for group in groups],
        }
        return ExportFile(f"jaringan-{person}.stix.json", STIX_TYPE, iter([_in_child(facts)]))


def _facts(group: Group) -> dict[str, Any]:
    said = profile_of(group.reports)

    def words(counted: Counted) -> list[str]:
        return [text for text, _ in counted]

    return {
        "number": group.number,
        "names": words(said.names),
        "phones": words(said.phones),
        "accounts": words(said.accounts),
        "companies": words(said.companies),
        "plates": words(said.plates),
        "routes": words(said.routes),
        "destinations": words(said.destinations),
        "villages": sorted({(one.village, one.village_name or "") for one in group.reports}),
        "reports": len(group.reports),
    }


def _in_child(facts: dict[str, Any]) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "hub.exports.stix_bundle"],
            input=json.dumps(facts).encode(),
            capture_output=True,
            timeout=MAKING_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        # Without the cause: what the child said may hold names.
        raise ExportRefused(N_("Berkas tidak dapat dibuat. Beri tahu pengelola hub.")) from None
    return done.stdout
