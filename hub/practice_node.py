"""A node in memory for the drill: it seals, keeps what was receipted, and offers what a hub lacks (D1c)."""

from __future__ import annotations

import random
import secrets

from hub.link_desk import HubDesk, Imported
from sync.airtime import CHANNEL_PAYLOAD_LIMIT
from sync.identifiers import EnvelopeId, Lane
from sync.link.events import Held
from sync.link.node_session import NodeSession
from sync.link.settings import LinkSettings
from sync.records import Report
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.enrolment import Enrolment
from sync.sealing.epoch import SealingEpoch, binding_mac
from sync.wire.bundle_codec import EpochSection, UpBundle, decode_down_bundle, encode_up_bundle
from sync.wire.control_records import with_age
from sync.wire.frame_codec import EpochBlock
from sync.wire.report_codec import encode_report_with
from sync.wire.text_models import QUICK


class PracticeNode:
    """One node, bound to a hub by an enrolment; it speaks by bundles, with the product's own session."""

    def __init__(self, enrolment: Enrolment, *, now: float) -> None:
        static = KeyPair.from_private(secrets.token_bytes(32))
        number, psk = enrolment.node_number, enrolment.psk
        self._epoch = SealingEpoch.open(
            hub_public=enrolment.hub_public, node_static=static, psk=psk, node_number=number
        )
        binding = binding_mac(psk, self._epoch.enc, static.public, number)
        self._block = EpochBlock(number, self._epoch.enc, static.public, binding)
        self._session = NodeSession(
            keys=StaticKeys(own_private=static.private, other_public=enrolment.hub_public, psk=psk),
            payload_limit=lambda: CHANNEL_PAYLOAD_LIMIT,
            airtime_ms=lambda size: 0.0,
            rng=random.Random(secrets.randbits(64)),  # noqa: S311 - jitter, no secrets
            now=now,
            settings=LinkSettings(),
        )
        self._session.add_epoch(self._epoch.id, self._block, opened_at=now)
        self._kept: dict[int, bytes] = {}
        self.waiting: set[int] = set()
        """Counters of reports that the hub, as far as this node was told last, does not hold."""

    def file(self, report: Report) -> str:
        """Seal a report, keep it, and return its id."""
        sealed = self._epoch.seal(Lane.REPORT, with_age(0, encode_report_with(report, QUICK)))
        self._kept[sealed.id.counter] = sealed.ciphertext
        self.waiting.add(sealed.id.counter)
        return str(sealed.id)

    def exchange(self, desk: HubDesk, now: float) -> Imported:
        """Carry a bundle to a hub and the answer back; what the answer does not name waits again."""
        claim = self._session.claim(self._epoch.id, now)
        self._session.asked(claim, self._epoch.id, now)
        offered = tuple(
            (EnvelopeId(self._epoch.id, Lane.REPORT, counter), self._kept[counter])
            for counter in sorted(self.waiting)
        )
        section = EpochSection(self._block, self._epoch.id, claim, offered)
        down, imported = desk.exchange(encode_up_bundle(UpBundle((section,))), via="courier")
        for answer in decode_down_bundle(down).nodes:
            for _, frame in answer.receipts:
                self._session.receive_frame(frame, 0, now)
        while (event := self._session.next_event()) is not None:
            if isinstance(event, Held) and event.epoch == self._epoch.id:
                self.waiting = {counter for counter in self._kept if counter not in event.counters}
        return imported
