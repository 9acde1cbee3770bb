"""Joins the node's parts. The only place that does."""

from __future__ import annotations

import contextlib
import logging
import random
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from content.catalogue import Catalogue
from sync.carriers.base import Radio
from sync.carriers.https import HubClient
from sync.clock import Clock
from sync.identifiers import EnvelopeId
from sync.scheduling import JobRunner
from sync.sealing.epoch import SealingEpoch, binding_mac
from sync.wire.attachments import Attachment
from sync.wire.control_records import MovedReceipt, SignedSetting
from sync.wire.frame_codec import EpochBlock
from sync.wire.numbers import WithdrawalReason
from village_node import folder as node_folder
from village_node.awareness import AwarenessSessions
from village_node.beacons import Beacons
from village_node.bot_turn import BotTurn
from village_node.box_settings import RunningSettings
from village_node.carriers import Carriers
from village_node.chain import Chain, OpenedEpoch
from village_node.clock_source import time_keeper
from village_node.config import NodeConfig
from village_node.content_desk import ContentDesk
from village_node.content_pieces import PieceFolder
from village_node.departures import Departures
from village_node.duress import UnderDuress
from village_node.encoding import ReportEncoder
from village_node.folder import CONTENT_FOLDER, SealingLock
from village_node.follow_ups import FollowUps
from village_node.handin_server import HandInServer
from village_node.health import Health, Running
from village_node.hub_keys import HubKeyChange, HubKeys
from village_node.link_days import LinkRecord, link_status
from village_node.link_making import make_desk
from village_node.link_meter import LinkMeter
from village_node.moved_receipts import MovedReceipts
from village_node.notice_sounds import SOUNDS_FOLDER, NoticeSounds
from village_node.notices import Notices
from village_node.passing_on import PassingOn
from village_node.pin import Pin
from village_node.printing import Printing
from village_node.receipts import Receipts
from village_node.release_keys import own_slots
from village_node.releases import ReleaseDesk
from village_node.reporting import Reporting
from village_node.revocation import Revocation
from village_node.services import ReceiptView, Taken
from village_node.session_store import SessionStore
from village_node.staffed_hours import HubHours
from village_node.starts import Starts
from village_node.store_wiring import NodeStore
from village_node.subscribing import Subscribing
from village_node.taking import Taking, new_form_token
from village_node.timekeeping import BUILD_WALL_S
from village_node.upkeep import upkeep_jobs

_log = logging.getLogger(__name__)
_MIDDLE_ZONE = timezone(timedelta(hours=8))


class Node:
    """A node that seals: the serving process, or one that submits or syncs once.

    Raises NodeBusy when another process holds the chain, NotANode or EnrolmentRefused when the folder is
    not one.
    """

    def __init__(
        self,
        config: NodeConfig,
        *,
        clock: Clock | None = None,
        open_radio: Callable[[str], Radio] | None = None,
        free_space: Callable[[], int] | None = None,
        make_client: Callable[..., HubClient] = HubClient,
    ) -> None:
        node_folder.load(config.folder)
        self.config = config
        self._make_client = make_client
        with contextlib.ExitStack() as undo:
            self._lock = SealingLock(config.folder)
            undo.callback(self._lock.release)
            self.store = NodeStore(config, clock, sealing=True)
            undo.callback(self.store.close)
            self._build(open_radio, free_space)
            undo.pop_all()

    def _build(self, open_radio: Callable[[str], Radio] | None, free_space: Callable[[], int] | None) -> None:
        self._closing = threading.Event()
        self.clock = self.store.clock
        self.log = self.store.log
        enrolment = self.store.identity.enrolment
        self.settings = RunningSettings(
            self.log,
            self.clock,
            hub_signing_public=enrolment.hub_signing_public,
            node_number=enrolment.node_number,
            runs=self.config.hub_settings,
        )
        config = self.config = self.settings.begin(self.config)
        self.times = time_keeper(self.clock, self.log.begin_boot(), self.log)
        self.starts = Starts(self.log, self.times.boot)
        self.hub_keys = HubKeys(self.log, self.store.identity)
        self.revocation = Revocation(self.log, self.store.identity)
        self._rng = random.Random(secrets.randbits(64))  # noqa: S311 - jitter and waits, no secrets
        hub_url = config.hub_url or enrolment.hub_url
        self.client = self._make_client(hub_url, ca_file=config.ca_file) if hub_url else None
        self.radio = open_radio(config.radio_url) if config.radio_url and open_radio else None
        self.link_record: LinkRecord | None = None
        if self.radio is not None:
            meter = LinkMeter(self.clock.monotonic_s())
            self.link_record = LinkRecord(meter, self.store.link_days, self.times)
        self.desk = make_desk(
            self.radio,
            config,
            self.log,
            self.times,
            self.clock,
            self.hub_keys,
            self._rng,
            enrolment.node_number,
        )
        for epoch, enc in self.log.epochs():
            self.desk.add_epoch(epoch, self._block(enc), None)
        self.chain = Chain(self.log, self.times, self._open_epoch, self._epoch_opened, self.desk.tags)
        self.desk.load(self.log.number("generation"))
        self.pin = Pin(
            self.log,
            self.times,
            hub_signing_public=enrolment.hub_signing_public,
            node_number=enrolment.node_number,
        )
        self.hub_hours = HubHours(
            self.log,
            self.times,
            hub_signing_public=enrolment.hub_signing_public,
            node_number=enrolment.node_number,
        )
        self.desk.act_on[SignedSetting] = self._take_setting
        self.desk.act_on[MovedReceipt] = MovedReceipts(self.store.database).take
        self.encoder = ReportEncoder(self.clock, dense=config.dense_text)
        taking = Taking(
            chain=self.chain,
            free_bytes=free_space or self.store.free_bytes,
            on_taken=self._taken,
            is_shut_out=lambda: self.revocation.stands,
        )
        self._taking = taking
        self.reporting = Reporting(
            log=self.log, taking=taking, encoder=self.encoder, times=self.times, salt=self.store.salt
        )
        self.key_change = HubKeyChange(self.hub_keys, self.chain, taking, self.log, self.reporting.send)
        self.sessions = AwarenessSessions(
            SessionStore(self.store.database, self.store.writer), self.content, self.reporting.send
        )
        self.questions = PassingOn(self.log, self.times, self.encoder, self.reporting.send)
        self.subscribing = Subscribing(self.log, self.times, self.reporting.send)
        self.printing = Printing(self.log, self.content)
        duress = UnderDuress(
            database=self.store.database,
            writer=self.store.writer,
            log=self.log,
            times=self.times,
            contact=lambda: self.desk.answered,
            longest_wait_s=config.wait_max_s,
            has_internet=self.client is not None,
        )
        self.receipts = Receipts(log=self.log, times=self.times, salt=self.store.salt, duress=duress)
        self.follow_ups = FollowUps(
            log=self.log,
            taking=taking,
            encoder=self.encoder,
            times=self.times,
            receipts=self.receipts,
            duress=duress,
        )
        self.health = Health(
            folder=config.folder,
            identity=self.store.identity,
            log=self.log,
            times=self.times,
            running=self._running,
            link=self._link_status,
            free_bytes=free_space or self.store.free_bytes,
            material=self.store.material.status,
            settings=self.settings.status,
            is_shut_out=lambda: self.revocation.stands,
        )
        self.material = ContentDesk(
            self.store.material,
            PieceFolder(config.folder / CONTENT_FOLDER / "pieces"),
            log=self.log,
            send=self.reporting.send,
        )
        self.desk.on_content = self.material.hear
        self.notices = Notices(
            self.store.database,
            self.store.writer,
            self.times,
            signing_public=enrolment.hub_signing_public,
            send=self.reporting.send,
        )
        self.desk.on_notice = self.notices.take
        self.sounds = NoticeSounds(
            config.folder / SOUNDS_FOLDER, self.notices.all, self.notices.changed, self.store.free_bytes
        )
        self.printing.bulletin_of = self.notices.one
        self.departures = Departures(self.store.database, self.store.writer, self.times, self.today)
        self.carriers = Carriers(
            config,
            self.clock,
            self.desk,
            self.hub_keys,
            self._rng,
            node_number=enrolment.node_number,
            radio=self.radio,
            record=self.link_record,
            client=self.client,
            after=self._exchanged,
            is_shut_out=lambda: self.revocation.stands,
        )
        self._handin: HandInServer | None = None
        self.key_change.settle()
        self.beacons = Beacons(
            log=self.log,
            times=self.times,
            clock=self.clock,
            starts=self.starts,
            status=self.health.status,
            content=lambda: self.store.material.state.active,
            folder=config.folder,
            send=self.reporting.send_placed,
            online=None if self.client is None else (self.client, enrolment.node_number, enrolment.psk),
        )
        self.releases = ReleaseDesk(
            self.store, own_slots(), self.client, send=self.reporting.send, busy=self.desk.has_work
        )
        self.health.update = self.releases.status
        jobs = upkeep_jobs(self.store.database, self.log, self.times, self.sounds.settle_soon)
        self.jobs = JobRunner(jobs, self.log, self.clock, lambda: self.clock.wall_s() >= BUILD_WALL_S)

    # -- parts ------------------------------------------------------------------------------------

    def _block(self, enc: bytes) -> EpochBlock:
        identity = self.store.identity
        number = identity.enrolment.node_number
        binding = binding_mac(identity.enrolment.psk, enc, identity.static.public, number)
        return EpochBlock(number, enc, identity.static.public, binding)

    def _open_epoch(self) -> SealingEpoch:
        identity = self.store.identity
        return SealingEpoch.open(
            hub_public=self.hub_keys.newest_public,
            node_static=identity.static,
            psk=identity.enrolment.psk,
            node_number=identity.enrolment.node_number,
        )

    def _take_setting(self, record: SignedSetting) -> None:
        for part in (self.revocation, self.hub_keys, self.pin, self.hub_hours, self.settings):
            part.take_setting(record)

    def _epoch_opened(self, epoch: OpenedEpoch) -> None:
        self.hub_keys.opened(epoch.id, epoch.hub_key)
        self.desk.add_epoch(epoch.id, self._block(epoch.enc), epoch.opened_at)

    def _taken(self, place: EnvelopeId, sealed: bytes, urgent: bool) -> None:
        wait_s = self._rng.uniform(self.config.wait_min_s, self.config.wait_max_s)
        self.desk.offer(place, sealed, urgent=urgent, wait_s=wait_s)
        internet = self.carriers.internet
        if internet is not None and (urgent or self.config.wait_max_s == 0):
            internet.wake()

    def _running(self) -> Running | None:
        if self._handin is None:
            return None
        contact, internet = self.desk.last_contact_at, self.carriers.internet
        return Running(
            last_contact_age_s=None if contact is None else int(self.clock.monotonic_s() - contact),
            radio=None if self.radio is None else self.radio.state(),
            internet_problem=None if internet is None else internet.problem,
            hub_refuses=internet is not None and internet.refused,
            has_internet=internet is not None,
            jobs_running=self.jobs.running,
            texts=self.encoder.state,
        )

    def _link_status(self) -> dict[str, Any] | None:
        record, today_s = self.link_record, self.times.trusted_wall_s()
        days = self.store.link_days.recent(today_s) if record is None else record.days()
        region_share = 1.0 if self.radio is None else self.radio.state().region_duty_cycle
        return link_status(
            days,
            today_s=today_s,
            duty_cycle=min(self.config.duty_cycle, region_share),
            meter=None if record is None else record.meter,
            now=self.clock.monotonic_s(),
        )

    def content(self) -> Catalogue:
        """Return the material that is shown now, in Indonesian; other languages: `store.material`."""
        return self.store.material.catalogue()

    # -- use cases of the public site (village_node.services.PublicServices) -----------------------

    def take_report(
        self, report: Any, *, form_token: str | None, attachments: Sequence[Attachment] = ()
    ) -> Taken:
        """See `Reporting.take_report`."""
        return self.reporting.take_report(report, form_token=form_token, attachments=attachments)

    def add_to_report(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        question: int | None,
        form_token: str,
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """See `FollowUps.add`."""
        return self.follow_ups.add(
            code, text, urgent=urgent, question=question, form_token=form_token, attachments=attachments
        )

    def withdraw_report(self, code: str, reason: WithdrawalReason, *, form_token: str) -> bool:
        """See `FollowUps.withdraw`."""
        return self.follow_ups.withdraw(code, reason, form_token=form_token)

    def look_up(self, code: str) -> ReceiptView:
        """See `Receipts.look_up`."""
        return self.receipts.look_up(code)

    def look_up_pictures(self, pictures: tuple[int, ...]) -> ReceiptView:
        """See `Receipts.look_up_pictures`."""
        return self.receipts.look_up_pictures(pictures)

    def today(self) -> str | None:
        """Return the day eight hours east of Greenwich, where most of the villages are, or None."""
        now_s = self.times.trusted_wall_s()
        return None if now_s is None else datetime.fromtimestamp(now_s, _MIDDLE_ZONE).date().isoformat()

    def new_form_token(self) -> str:
        """See `taking.new_form_token`."""
        return new_form_token()

    # -- running ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the carriers, the socket and the jobs; the sites are served by the command line."""
        self.carriers.start_internet()
        self.encoder.load_in_background()
        self.carriers.start_radio()
        enrolment = self.store.identity.enrolment
        turn = BotTurn(self.client, enrolment.node_number, enrolment.psk)
        asked = (self.receipts, self.follow_ups, turn, self.questions, self.subscribing)
        self._handin = HandInServer(
            self.config.folder, self.reporting, self.desk, self.health.status, self.material, *asked
        )
        self.jobs.start()
        self.sounds.start()
        threading.Thread(target=self._settle_content, name="content", daemon=True).start()
        for run in (self.key_change.run, self.beacons.run, self._run_settings, self.releases.run):
            threading.Thread(target=run, args=[self._closing], daemon=True).start()

    def _exchanged(self) -> None:
        self.settings.reached_by_internet(self.desk.bundle_answered)
        self.beacons.tell_online()
        self.releases.fetch()

    def _run_settings(self, closing: threading.Event) -> None:
        self.settings.run(closing, self.reporting.send_placed)

    def _settle_content(self) -> None:
        """Try new material when it is whole: that takes long, and nothing else waits for it."""
        while not self._closing.is_set():
            try:
                self.material.settle()
            except Exception as error:
                # A full card, or a fault of ours: the box goes on with the material that it has.
                _log.error("fault with new material: %s", type(error).__name__)
            self.material.ready.wait()

    def close(self) -> None:
        """Stop everything; nothing that was promised depends on this being called."""
        self._closing.set()
        self.material.ready.set()
        self.hub_keys.changed.set()
        self.sounds.close()
        if self._handin is not None:
            self._handin.close()
        self.carriers.close()
        self.jobs.close()
        self.starts.close()
        self.store.close()
        self._lock.release()
