"""Make the one file that a node needs to join."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.audit.log import AuditLog
from hub.boxes import send_no_more
from hub.folder import HubIdentity
from hub.models import Node
from hub.relay_boxes import box_of, name_relay, relay_of
from hub.rotation.models import NodeHubKey
from hub.services import SignedIn
from sync.sealing.derivation import key_id
from sync.sealing.enrolment import Enrolment, MaterialName
from sync.sealing.radio_plan import RadioPlan
from sync.storage.writer import GroupCommitWriter

VILLAGE_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")

USABLE_DAYS = 30
"""So long a box can be made out of an enrolment, unless the hub says otherwise."""
_DAY_S = 86_400


TEXT_BYTES = 240
"""So long the names and the hub's address are together: one QR code and one page hold them."""


@dataclass(frozen=True, repr=False)
class EnrolmentMore:
    """What goes with an enrolment beside its keys: settings of the mesh, and (version, bytes) of the newest
    signed pack of the hub."""

    radio: RadioPlan | None = None
    pack: tuple[int, bytes] | None = None

    @property
    def material(self) -> MaterialName | None:
        """Return what the enrolment's file says of the pack."""
        if self.pack is None:
            return None
        return MaterialName(self.pack[0], hashlib.sha256(self.pack[1]).digest())


class EnrolFailed(Exception):
    """No enrolment was made; the text says what is allowed. `why` is "code", "long", "no box" or "box"."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        super().__init__(text)


def _to_nobody(enrolment: Enrolment) -> None:
    """The caller keeps it itself."""


def _name_before(database: Any, village: str) -> str:
    """Return the name that was given to a village last."""
    named = Node.select(Node.village_name).where((Node.village == village) & (Node.village_name != ""))
    row = named.order_by(Node.number.desc()).first(database)
    return "" if row is None else str(row.village_name)


def _check_length(*told: str) -> None:
    if sum(len(text.encode(errors="replace")) for text in told) > TEXT_BYTES:
        raise EnrolFailed(
            "long",
            f"the village's name, the hub's name and its address have at most {TEXT_BYTES} bytes together",
        )


def enrol(
    database: Any,
    writer: GroupCommitWriter,
    identity: HubIdentity,
    *,
    village: str,
    village_name: str,
    hub_url: str | None,
    now_s: float,
    replace: bool = False,
    relay: bool = False,
    usable_days: int = USABLE_DAYS,
    hand_out: Callable[[Enrolment], None] = _to_nobody,
    more: EnrolmentMore | None = None,
    audit: AuditLog | None = None,
    by: SignedIn | str = "",
) -> Enrolment:
    """Add a node with a fresh pre-shared key; raise EnrolFailed. It binds no box after `usable_days`.

    With an `audit` log it is noted there as done by `by`. `hand_out` is given the enrolment before anything
    counts: what it raises is raised here, and all is as before.

    With `replace` the village's earlier node is retired: its box is lost, or in the wrong hands. With `relay`
    it is a further box, at the hub, which serves the village's bot while the village has no internet. Without
    a `village_name` it has the one that the village had before.
    """
    if not VILLAGE_CODE.fullmatch(village):
        raise EnrolFailed("code", "a village code is a Kemendagri area code such as 52.02.08.2001")
    in_use = (Node.village == village) & ~Node.retired
    psk, hub_key = secrets.token_bytes(32), key_id(identity.static.public)

    def job() -> Enrolment:
        # Asked here and not before: two who enrol one village at once must not both succeed.
        box, stands_in = box_of(database, village), relay_of(database, village)
        name = village_name or _name_before(database, village)
        _check_length(village, name, identity.name, hub_url or "")
        relayed = Node.select().where(in_use & (Node.number == stands_in)).exists(database)
        there = relayed if relay else box is not None
        if relay and box is None:
            raise EnrolFailed("no box", f"village {village} has no box: a relay stands in for one")
        if not replace and there:
            what = "a relay box" if relay else "a node"
            raise EnrolFailed(
                "box",
                f"village {village} has {what} already; --replace retires it, when its box or card is lost",
            )
        last = Node.select(Node.number).order_by(Node.number.desc()).first(database)
        number = 1 if last is None else int(last.number) + 1
        if audit is not None:
            audit.note(by, "box enrolled", f"node {number}", "in the place of another" if there else "")
        earlier = Node.number == stands_in if relay else Node.number != stands_in
        gone = [int(n.number) for n in Node.select().where(in_use & earlier).execute(database)]
        Node.update(retired=True).where(in_use & earlier).execute(database)
        send_no_more(database, Node.number.in_(gone))
        if relay:
            name_relay(database, village, number)
        Node.insert(
            number=number,
            village=village,
            village_name=name,
            psk=psk,
            enrolled_at=int(now_s),
            hub_key=hub_key,
            binds_until=int(now_s) + usable_days * _DAY_S,
        ).execute(database)
        NodeHubKey.insert(node=number, key=hub_key, enrolled=True).execute(database)
        enrolment = Enrolment(
            node_number=number,
            village=village,
            village_name=name,
            hub_name=identity.name,
            hub_public=identity.static.public,
            psk=psk,
            hub_signing_public=identity.signing_public,
            release_public=identity.release_now,
            hub_url=hub_url,
            enrolled_at=int(now_s),
            radio=None if more is None else more.radio,
            material=None if more is None else more.material,
        )
        hand_out(enrolment)
        return enrolment

    return writer.run(job)
