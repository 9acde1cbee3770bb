"""Joins what leaves the hub: referrals to agencies, exports as files, programs that read with a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from hub import folder as hub_folder
from hub.audit.log import AuditLog
from hub.cases.cases import Cases
from hub.cases.inbox import Inbox
from hub.desk_work import DeskWork
from hub.exports.api_reading import ApiReading
from hub.exports.exports import Exports
from hub.exports.ledger import ExportLedger
from hub.exports.network_export import NetworkExport
from hub.exports.odata_reading import ODataReading
from hub.exports.public_numbers import PublicNumbers
from hub.exports.tokens import ApiTokens
from hub.links.work import LinkWork
from hub.referrals.agency_desk import AgencyDesk
from hub.referrals.forgetting import forget as forget_referrals
from hub.referrals.partners import Partners
from hub.referrals.records import ReferralRecords
from hub.referrals.referrals import Referrals
from hub.referrals.sealing import ReferralTexts
from hub.retention.contents import ReportContents
from hub.week_counts import WeekCounts
from sync.clock import Clock
from sync.storage.writer import GroupCommitWriter


class Sharing:
    """What may be given to others out of one store, each giving noted in `ledger`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        zone: ZoneInfo,
        identity: hub_folder.HubIdentity,
        *,
        audit: AuditLog,
        inbox: Inbox,
        contents: ReportContents,
        work: DeskWork,
        cases: Cases,
        people: LinkWork,
        week_counts: WeekCounts,
    ) -> None:
        self._db = database
        self.ledger = ExportLedger(database, writer, clock, audit.note)
        self.partners = Partners(database, writer, note=audit.note)
        texts = ReferralTexts(database, contents)
        records = ReferralRecords(database, clock, inbox.today, audit.note, texts)
        self.referrals = Referrals(
            records, writer, self.partners, work, cases, zone=zone, hub_name=identity.name
        )
        self.referrals.corrections = people.corrections
        self.agency_desk = AgencyDesk(records, writer, self.partners)
        wrongly_named = people.corrections.words_by_report
        self.exports = Exports(database, clock, inbox, contents, self.ledger, week_counts, wrongly_named)
        self.public_numbers = PublicNumbers(database, writer, clock, self.ledger, week_counts)
        self.tokens = ApiTokens(database, writer, clock, audit.note)
        self.programs = ApiReading(database, clock, self.exports, records, self.ledger, week_counts)
        self.odata = ODataReading(self.programs)
        self.networks = NetworkExport(
            people.passable, self.ledger, clock, hub_name=identity.name, key=identity.signing_public
        )

    def forget(self, reports: Sequence[str]) -> None:
        """Let go of what referrals hold of reports, in the transaction that forgets them."""
        forget_referrals(self._db, reports)
