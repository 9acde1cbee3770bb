"""Why linking makes a report weigh more in words for the inbox, without a name or a number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from hub.languages import N_, counted
from hub.linking.index import FULL
from hub.links.bulk import select_in
from hub.links.correction_conditions import corrected_among
from hub.links.evidence_store import EvidenceStore
from hub.links.models import LinkGroup, LinkMember
from hub.links.weighing import Kind
from sync.storage.database import connect

_KNOWN: Final[Mapping[Kind, Callable[[int], str]]] = {
    "recruiter": lambda others: counted("perekrutnya dikenal dari %(count)s laporan lain", others),
    "event": lambda others: counted("peristiwanya ada dalam %(count)s laporan lain", others),
}


class LinkReasons:
    """Reasons for many reports at once; fits the inbox's protocol."""

    def __init__(self, database: Any, store: EvidenceStore) -> None:
        self._db = database
        self._store = store

    def reasons(self, report_ids: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """Return for each report what links it; reports of which there is nothing to say are missing."""
        connect(self._db)
        found: dict[str, list[str]] = {}
        groups = self.groups(report_ids)
        sizes = self._sizes({number for own in groups.values() for number in own.values()})
        gone = corrected_among(self._db, report_ids)
        phones = self._store.others_with_phones([one for one in report_ids if one not in gone])
        for report in report_ids:
            said = []
            own = groups.get(report, {})
            for kind, words in _KNOWN.items():
                others = sizes.get(own[kind], 1) - 1 if kind in own else 0
                if others:
                    said.append(words(others))
            if count := phones.get(report, 0):
                said.append(_with_phone(count))
            if said:
                found[report] = said
        return found

    def groups(self, report_ids: Collection[str]) -> dict[str, dict[Kind, int]]:
        """Return the numbers of the groups that each report is in."""
        fields = [LinkMember.report, LinkMember.kind, LinkMember.group]
        found: dict[str, dict[Kind, int]] = {}
        gone = corrected_among(self._db, report_ids)
        for report, kind, number in select_in(self._db, fields, LinkMember.report, report_ids):
            if kind == "recruiter" and report in gone:
                continue
            found.setdefault(report, {})[kind] = number
        return found

    def _sizes(self, numbers: Iterable[int]) -> dict[int, int]:
        return dict(select_in(self._db, [LinkGroup.number, LinkGroup.reports], LinkGroup.number, numbers))


def _with_phone(count: int) -> str:
    if count > FULL:
        return N_("nomor telepon yang sama ada dalam lebih dari %(full)s laporan lain", full=FULL)
    return counted("nomor telepon yang sama ada dalam %(count)s laporan lain", count)
