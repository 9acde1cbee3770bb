"""How well each village is heard, for the staff's pages. Implements `hub.services.LinkServices`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hub.accounts.areas import sees
from hub.link_counts import CARRIERS, GATEWAY, RADIO, NodeCounts, OwnCounts
from hub.link_days import LinkDays
from hub.models import Node
from hub.services import (
    OwnRadio,
    OwnRadioDay,
    SignedIn,
    UnknownVillage,
    VillageDay,
    VillagePart,
    VillageRow,
    VillageView,
)
from sync.carriers.base import Radio
from sync.clock import Clock
from sync.link_quality import DAY_S, Grade, day_number, share
from sync.storage.database import connect

SHOWN_DAYS = 30
GRADED_DAYS = 7
GRADED_AT_ONCE = 300
"""Of more villages the list is in the order of their silence."""
_NEVER: Mapping[str, float] = {"": float("-inf")}
SILENT_AFTER_S = DAY_S
"""A node calls every six hours (`beacon_s` in `sync.link.settings`): four calls that were not heard."""
_WORST_FIRST = (Grade.NONE, Grade.WEAK, Grade.MEDIUM, Grade.GOOD, Grade.UNKNOWN)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class VillageLinks:
    """Reads the nodes and their days. Threads may share it."""

    def __init__(
        self, database: Any, links: LinkDays, clock: Clock, *, radio: Radio | None, duty_cycle: float
    ) -> None:
        self._db = database
        self._links = links
        self._clock = clock
        self._radio = radio
        self._duty_cycle = duty_cycle

    def villages(self, *, who: SignedIn, area: str, first: int, limit: int) -> VillagePart:
        """See `LinkServices.villages`."""
        connect(self._db)
        fields = Node.number, Node.village, Node.village_name
        query = Node.select(*fields).where(~Node.retired & sees(who, Node.village))
        if area:
            query = query.where(sees(SignedIn("", "analyst", (area,)), Node.village))
        nodes = {int(row[0]): row for row in query.tuples().execute(self._db)}
        contacts = self._links.contacts()
        if len(nodes) <= GRADED_AT_ONCE:
            rows = self._rows(list(nodes.values()), contacts)
            rows.sort(key=lambda row: (_WORST_FIRST.index(Grade(row.grade)), row.village, row.node))
            return VillagePart(tuple(rows[first : first + limit]), len(nodes), by_silence=False)
        # To grade all of them would take long: who was not heard for longest comes first.
        last = {number: max(contacts.get(number, _NEVER).values()) for number in nodes}
        order = sorted(nodes, key=lambda number: (last[number], nodes[number][1], number))
        shown = [nodes[number] for number in order[first : first + limit]]
        return VillagePart(tuple(self._rows(shown, contacts)), len(nodes), by_silence=True)

    def _rows(self, nodes: Sequence[Any], contacts: Mapping[int, Mapping[str, float]]) -> list[VillageRow]:
        numbers = {int(node[0]) for node in nodes}
        weeks = self._links.nodes_since(self._today() - GRADED_DAYS + 1, numbers)
        return [
            self._row(node, weeks.get(int(node[0]), NodeCounts()), contacts.get(int(node[0]), {}))
            for node in nodes
        ]

    def village(self, node: int) -> VillageView:
        """See `LinkServices.village`."""
        connect(self._db)
        found = Node.select().where((Node.number == node) & ~Node.retired).first(self._db)
        if found is None:
            raise UnknownVillage
        today = self._today()
        days = self._links.node_days(node, today - SHOWN_DAYS + 1)
        week = NodeCounts()
        for day, counts in days.items():
            if day > today - GRADED_DAYS:
                week.add(counts)
        contacts = self._links.contacts().get(node, {})
        shown = tuple(_day(day, days.get(day)) for day in range(today - SHOWN_DAYS + 1, today + 1))
        place = found.number, found.village, found.village_name
        return VillageView(self._row(place, week, contacts), contacts, shown)

    def own_radio(self) -> OwnRadio | None:
        """See `LinkServices.own_radio`."""
        if self._radio is None:
            return None
        state = self._radio.state()
        today = self._today()
        days = self._links.own_days(today - SHOWN_DAYS + 1)
        shown = tuple(_own_day(day, days.get(day)) for day in range(today - SHOWN_DAYS + 1, today + 1))
        may_send = min(self._duty_cycle, state.region_duty_cycle)
        return OwnRadio(state.connected, state.problem, may_send, shown)

    def _today(self) -> int:
        return day_number(self._clock.wall_s())

    def _row(self, node: Sequence[Any], week: NodeCounts, contacts: Mapping[str, float]) -> VillageRow:
        via = max(contacts, key=lambda carrier: contacts[carrier], default=None)
        return VillageRow(
            node=int(node[0]),
            village=str(node[1]),
            village_name=str(node[2]),
            grade=str(self._grade(week, contacts)),
            last_contact_at=None if via is None else contacts[via],
            last_via=via,
            margin_db=week.margin_db.mean,
            snr_db=week.snr_db.mean,
            rssi_dbm=week.rssi_dbm.mean,
            answered_share=_answered(week),
        )

    def _grade(self, week: NodeCounts, contacts: Mapping[str, float]) -> Grade:
        """Grade the radio; a node that speaks by another way only is not graded, a silent one is NONE."""
        now = self._clock.wall_s()

        def heard_by(*carriers: str) -> bool:
            return any(now - contacts.get(carrier, float("-inf")) <= SILENT_AFTER_S for carrier in carriers)

        if heard_by(RADIO, GATEWAY):
            return week.grade
        return Grade.UNKNOWN if not contacts or heard_by(*CARRIERS) else Grade.NONE


def _answered(counts: NodeCounts) -> float | None:
    asked = counts.questions_heard + counts.questions_missed
    return share(counts.questions_heard - counts.receipts_lost, asked)


def _day(day: int, counts: NodeCounts | None) -> VillageDay:
    known = counts or NodeCounts()
    return VillageDay(
        day=date.fromordinal(_EPOCH_ORDINAL + day),
        contact=known.frames_heard + known.bundles > 0,
        grade=str(known.grade),
        frames_heard=known.frames_heard,
        questions=known.questions_heard + known.questions_missed,
        answered_share=_answered(known),
        snr_db=known.snr_db.mean,
        rssi_dbm=known.rssi_dbm.mean,
        hops=known.hops.mean,
        envelopes={via: getattr(known, f"{via}_envelopes") for via in CARRIERS},
        receipts_sent=known.receipts_sent,
        downs_sent=known.downs_sent,
        airtime_ms=known.airtime_ms,
    )


def _own_day(day: int, counts: OwnCounts | None) -> OwnRadioDay:
    known = counts or OwnCounts()
    return OwnRadioDay(
        day=date.fromordinal(_EPOCH_ORDINAL + day),
        sending_share=share(known.airtime_ms / 1000, known.seconds),
        channel_used=known.channel_used.mean,
        frames_sent=known.frames_sent,
        frames_heard=known.frames_heard,
        foreign_frames=known.foreign_frames,
    )
