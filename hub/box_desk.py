"""Boxes as the pages ask for them. Implements `hub.box_services.BoxServices`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection
from typing import Any

from hub.accounts.areas import may_see
from hub.audit.log import AuditLog
from hub.box_services import BoxView, MadeEnrolment, NewBox, NotCompared, NotEnrolled
from hub.boxes import BoxRefused, mark_compared, revoke
from hub.enrolling import EnrolFailed, EnrolmentMore, enrol
from hub.folder import HubIdentity
from hub.models import Node
from hub.services import SignedIn, UnknownVillage
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_DAYS = range(1, 3651)
_DAY_S = 86_400


class BoxDesk:
    """The boxes of one hub. `zone` tells on which day an enrolment ends."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        audit: AuditLog,
        clock: Clock,
        identity: HubIdentity,
        zone: datetime.tzinfo,
        *,
        more_of: Callable[[str], EnrolmentMore] = lambda village: EnrolmentMore(),
    ) -> None:
        self._more_of = more_of
        self._db = database
        self._writer = writer
        self._audit = audit
        self._clock = clock
        self._identity = identity
        self._zone = zone

    def box(self, node: int, *, who: SignedIn) -> BoxView:
        """See `BoxServices.box`."""
        connect(self._db)
        row = Node.select().where((Node.number == node) & ~Node.door).first(self._db)
        if row is None or not may_see(who, row.village):
            raise UnknownVillage
        spoken = row.static_public is not None
        return BoxView(
            node=int(row.number),
            village=row.village,
            village_name=row.village_name,
            spoken=spoken,
            refused_keys=int(row.refused_keys),
            retired=bool(row.retired),
            compared_at=row.compared_at,
            compared_by=row.compared_by,
            revoked_at=row.revoked_at,
            ends_at=None if spoken else row.binds_until,
        )

    def to_compare(self, nodes: Collection[int]) -> frozenset[int]:
        """See `BoxServices.to_compare`."""
        connect(self._db)
        waiting = (
            Node.number.in_(list(nodes)) & Node.static_public.is_null(False) & Node.compared_at.is_null()
        )
        return frozenset(int(row.number) for row in Node.select(Node.number).where(waiting).execute(self._db))

    def mark_compared(self, node: int, heard: str, *, who: SignedIn) -> None:
        """See `BoxServices.mark_compared`."""
        self.box(node, who=who)
        now_s = self._clock.wall_s()
        try:
            mark_compared(self._db, self._writer, self._audit, node, heard=heard, by=who, now_s=now_s)
        except BoxRefused as refused:
            if refused.why == "unknown":
                raise UnknownVillage from None
            raise NotCompared(refused.why) from None

    def shut_out(self, node: int, reason: str, *, who: SignedIn) -> None:
        """See `BoxServices.shut_out`."""
        if self.box(node, who=who).retired:
            return
        now_s = self._clock.wall_s()
        try:
            revoke(self._db, self._writer, self._audit, node, by=who, now_s=now_s, reason=reason)
        except BoxRefused:
            return  # somebody else did it meanwhile

    def enrol(self, new: NewBox, *, who: SignedIn) -> MadeEnrolment:
        """See `BoxServices.enrol`."""
        # Loaded here: drawing needs megabytes, and a hub enrols a few times a year.
        from hub.enrolment_paper import draw_enrolment, qr_png

        if not may_see(who, new.village):
            raise NotEnrolled("code")
        if new.hub_url and not _URL.fullmatch(new.hub_url):
            raise NotEnrolled("url")
        if new.days not in _DAYS:
            raise NotEnrolled("days")
        now_s, more = self._clock.wall_s(), self._more_of(new.village)
        try:
            enrolment = enrol(
                self._db,
                self._writer,
                self._identity,
                village=new.village,
                village_name=new.village_name,
                hub_url=new.hub_url or None,
                now_s=now_s,
                replace=new.replace,
                usable_days=new.days,
                audit=self._audit,
                by=who,
                more=more,
            )
        except EnrolFailed as failed:
            raise NotEnrolled(failed.why) from None
        ends_on = datetime.datetime.fromtimestamp(now_s + new.days * _DAY_S, self._zone).date()
        sheet = draw_enrolment(enrolment, ends_on=ends_on)
        pack = None if more.pack is None else more.pack[1]
        return MadeEnrolment(
            enrolment.node_number, sheet, qr_png(enrolment), enrolment.to_text(), ends_on, more.radio, pack
        )
