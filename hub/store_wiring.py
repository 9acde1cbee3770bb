"""Joins the parts that work on a hub's store: enough for every command beside `serve`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub import folder as hub_folder
from hub.accounts.accounts import Accounts
from hub.accounts.administration import Administration
from hub.attachments import Attachments
from hub.audit.list_looks import ListLooks
from hub.audit.log import AuditLog
from hub.box_desk import BoxDesk
from hub.bulletins.bulletins import Bulletins
from hub.bulletins.messages import Sender
from hub.bulletins.receivers import Receivers
from hub.cases.arrivals import Arrivals
from hub.cases.cases import Cases
from hub.cases.excusing import Excusing
from hub.cases.inbox import Inbox
from hub.cases.overriding import Overriding
from hub.cases.search import Search
from hub.cases.triage import Triage
from hub.config import HubConfig
from hub.content import HubContent
from hub.desk_joining import join_desk
from hub.desk_work import DeskWork
from hub.duty.hours import HoursSender
from hub.duty.ringing import Duty
from hub.early_warning_wiring import EarlyWarning
from hub.enrolling import EnrolmentMore
from hub.fleet.joining import FleetOfHub
from hub.follow_ups import FollowUps
from hub.forwarding.forwarding import Forwarding
from hub.gaps.joining import join_gaps
from hub.imports.imports import Imports
from hub.intake import Intake, Told
from hub.jobs import HubJobs
from hub.keyring import Keyring
from hub.link_days import LinkDays
from hub.link_desk import HubDesk
from hub.links.work import LinkWork
from hub.machine_reading.joining import join_machine_reading
from hub.notices import Notices
from hub.openrosa.doors import Doors
from hub.openrosa.filing import Filing
from hub.outgoing import Outgoing
from hub.pin_reset import PinReset
from hub.radio_plans import RadioPlans
from hub.retention.contents import ReportContents
from hub.retention.forgetting import Forgetting
from hub.retention.retention import Retention
from hub.retention.rights import Rights
from hub.risk.draws import RandomDraws
from hub.risk.scores import TriageScores
from hub.rotation.arriving import KeysArriving
from hub.rotation.keys import KnownKeys
from hub.rotation.retiring import Rotation
from hub.rotation.telling import KeyTeller
from hub.services import COMMAND_LINE
from hub.sharing_wiring import Sharing
from hub.storage.opening import open_store
from hub.subscriptions.joining import JoinedSubscriptions
from hub.succession import Succession, in_place_of
from hub.village_sessions import VillageSessions
from hub.web.local_time import local_time
from hub.week_counts import WeekCounts
from hub.weekly.joining import Weekly
from sync.carriers.base import Radio
from sync.clock import Clock, SystemClock
from sync.media.cleaning import Cleaner
from sync.sealing.derivation import expand
from sync.storage.writer import GroupCommitWriter
from sync.wire.beacons import Beacon
from sync.wire.box_settings import SettingsHeld
from sync.wire.content_pieces import ContentHeld
from sync.wire.update_records import UpdateHeld


class HubStore:
    """The hub's store and what works on it: enough for every command beside `serve`."""

    def __init__(self, config: HubConfig, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock(config.speed)
        self.identity = hub_folder.load(config.folder, config.passphrase)
        self.database: Any = open_store(config.database_url or self.identity.database_url, config.folder)
        self.writer = GroupCommitWriter(self.database)
        self.audit = AuditLog(
            self.database,
            self.writer,
            self.clock,
            self.identity.signing_private,
            self.identity.signing_public,
        )
        self.keyring = Keyring(self.database, self.writer, self.identity.sealing_keys, self.clock.wall_s)
        self.hub_keys = KnownKeys(self.database, self.writer, self.clock, self.audit, self.keyring)
        self.hub_keys.follow(self.identity.sealing_keys)
        self.contents = ReportContents(self.database, self.writer, folder_key=self.identity.session_secret)
        self.contents.fill()
        self.attachments = Attachments(self.database, self.keyring, self.contents)
        self.sessions = VillageSessions(self.database)
        self.follow_ups = FollowUps(self.database, self.contents)
        zone = local_time(config.timezone).zone
        self.intake = Intake(
            self.database,
            self.writer,
            self.keyring,
            self.attachments,
            self.sessions,
            self.follow_ups,
            self.contents,
            zone,
        )
        self.outgoing = Outgoing(
            self.database, self.writer, self.keyring, self.contents, self.identity.signing_private
        )
        arriving = KeysArriving(self.database, self.writer, self.keyring, self.outgoing.seal_for_key)
        self.intake.on_epoch, self.intake.on_key_held = arriving.heard, arriving.held
        self.outgoing.on_lost = arriving.fell_back
        self.on_refused = arriving.refused
        self.jobs = HubJobs(
            folder=config.folder,
            database=self.database,
            writer=self.writer,
            outgoing=self.outgoing,
            clock=self.clock,
        )
        self.content = HubContent(
            self.database, self.writer, self.outgoing, self.clock, self.identity.release_trust
        )
        self.outgoing.piece_of = self.content.piece
        self.notices = Notices(
            self.database,
            self.writer,
            self.outgoing,
            self.clock,
            self.audit,
            self.identity.signing_private,
        )
        sender = Sender(self.identity.signing_public[:8].hex(), self.identity.name)
        self.bulletins = Bulletins(
            self.database, self.writer, self.clock, self.notices, sender, note=self.audit.note
        )
        self.receivers = Receivers(
            self.database,
            self.writer,
            self.clock,
            config.folder,
            folder_key=self.identity.session_secret,
            note=self.audit.note,
            expire=self.bulletins.expire,
        )
        self.bulletins.deliver = self.receivers.queue
        self.bulletins.deliveries = self.receivers.of_bulletin
        self.intake.on_told = self._told
        self.gaps, self.subscriptions = join_gaps(self), JoinedSubscriptions(self)
        if not self.outgoing.generation:
            # A hub that only couriers reach never serves, and nodes take nothing of generation 0.
            self.outgoing.begin_generation(self.clock.wall_s())
        self.links = LinkDays(self.database, self.writer, self.clock)
        self.fleet = FleetOfHub(
            self.database,
            self.writer,
            self.clock,
            self.links,
            config.folder,
            self.outgoing,
            self.audit.note,
            self.identity,
        )
        self.accounts = Accounts(
            self.database,
            self.writer,
            self.clock,
            self.audit,
            folder_key=self.identity.session_secret,
            demand_second_factor=self.identity.demand_second_factor,
        )
        self.administration = Administration(self.database, self.writer, self.accounts, self.audit)
        self.work = DeskWork(
            self.database,
            self.writer,
            self.outgoing,
            self.audit,
            self.clock,
            self.attachments,
            self.follow_ups,
            self.contents,
        )
        self.people = LinkWork(self.database, self.writer, self.clock, self.audit.note, self.contents)
        self.intake.on_text = self.people.linker.note
        share_key = expand(self.identity.session_secret, "hub-random-share")
        draws = RandomDraws(self.database, share_key, config.random_share)
        scores = TriageScores(self.database, draws=draws)
        self.inbox = Inbox(
            self.database,
            self.writer,
            self.clock,
            zone,
            self.people.inbox_reasons,
            contents=self.contents,
            scores=scores,
        )
        self.triage = Triage(
            self.database,
            self.writer,
            self.clock,
            self.inbox,
            note=self.audit.note,
            act=lambda report_id, by: self.work.mark_acted_on(report_id, by=by),
            contents=self.contents,
        )
        self.scores = Overriding(
            self.database,
            self.writer,
            self.clock,
            self.inbox,
            scores,
            note=self.audit.note,
            contents=self.contents,
        )
        self.draws = Excusing(
            self.database,
            self.writer,
            self.clock,
            self.inbox,
            draws,
            note=self.audit.note,
            contents=self.contents,
        )
        self.intake.on_changed = self.inbox.refresh
        self.work.on_acted_on = self.triage.acted_on
        self.search = Search(
            self.database, self.writer, self.clock, note=self.audit.note, contents=self.contents
        )
        self.intake.on_added = lambda number, report, node, text, at: self.search.keep_addition(
            number, report, self.inbox.village(node), text, at
        )
        self.triage.on_comment = self.search.keep_comment
        self.cases = Cases(
            self.database,
            self.writer,
            self.clock,
            self.inbox,
            self.triage,
            self.search,
            self.attachments,
            note=self.audit.note,
        )
        self.imports = Imports(
            self.database, self.writer, self.clock, self.cases, self.search, note=self.audit.note
        )
        self.week_counts = WeekCounts(self.database, self.writer, zone)
        self.sharing = Sharing(
            self.database,
            self.writer,
            self.clock,
            zone,
            self.identity,
            audit=self.audit,
            inbox=self.inbox,
            contents=self.contents,
            work=self.work,
            cases=self.cases,
            people=self.people,
            week_counts=self.week_counts,
        )
        looks = ListLooks(self.writer, self.clock, self.audit.note)
        self.inbox.on_listed = self.people.on_listed = self.cases.on_listed = looks.shown
        self.search.fill()
        self.inbox.fill()
        self.arrivals = Arrivals(
            self.database, self.writer, self.inbox, self.search, self.people.linker, self.contents
        )
        self.week_counts.fill()
        self.early = EarlyWarning(
            self.database,
            self.writer,
            self.clock,
            zone,
            inbox=self.inbox,
            triage=self.triage,
            contents=self.contents,
            week_counts=self.week_counts,
            ledger=self.sharing.ledger,
            audit=self.audit,
            budget=config.watch_budget,
            periods=self.identity.retention,
        )
        self.early.signals.on_listed = looks.shown
        self.scores.signals_of = self.early.signals_of
        self.arrivals.on_placed = self._placed
        self.intake.on_narrowed = self.week_counts.move
        self.intake.on_arrived = self.arrivals.note
        self.intake.on_committed = self.arrivals.committed
        self.forgetting = Forgetting(
            self.database,
            self.writer,
            self.clock,
            note=self.audit.note,
            unlink=self.people.forget,
            search=self.search,
            outgoing=self.outgoing,
            contents=self.contents,
        )
        self.retention = Retention(
            self.database,
            self.writer,
            self.clock,
            self.forgetting,
            self.identity.retention,
            note=self.audit.note,
        )
        self.rights = Rights(self.database, self.writer, self.clock, note=self.audit.note)
        self.follow_ups.on_withdrawn = self.rights.withdrawn
        self.people.corrections.on_corrected = self.rights.corrected
        self.rotation = Rotation(
            self.database,
            self.writer,
            self.clock,
            self.keyring,
            self.contents,
            self.hub_keys,
            self.jobs,
            self.audit,
        )
        self.key_teller = KeyTeller(
            self.database, self.writer, self.clock, self.outgoing, self.keyring, self.hub_keys
        )
        self.forgetting.also += [self.rotation.originals.forget, self.arrivals.forget, self.rights.forgotten]
        self.forgetting.also += [self.sharing.forget, scores.forget, self.early.forget]
        self.machine = join_machine_reading(self)
        self.forwarding = Forwarding(
            self.database,
            self.writer,
            self.clock,
            self.contents,
            self.triage,
            node=config.forward_to,
            what=config.forward,
            with_contact=config.forward_contact,
            token_key=self.identity.session_secret,
            note=self.audit.note,
            wrongly_named=self.people.corrections.words_by_report,
        )
        self.forgetting.also.append(self.forwarding.forget)
        self.intake.on_dropped = lambda owner: self.audit.note(COMMAND_LINE, "dropped", f"report {owner}")
        doors = Doors(
            self.database,
            self.writer,
            self.keyring,
            hub_public=self.identity.static.public,
            folder_key=self.identity.session_secret,
        )
        self.phones = Filing(
            self.database, self.writer, self.clock, doors, self.intake, Cleaner(), note=self.audit.note
        )
        self.forgetting.also.append(self.phones.forget)
        self.duty = Duty(self.database, self.writer, self.clock, zone, self.audit, config.folder)
        self.work.on_changed = self._read
        self.duty_hours = HoursSender(self.database, self.writer, self.clock, self.outgoing, self.duty.plan)
        self.weekly = Weekly(
            self.database,
            self.writer,
            self.clock,
            local_time(config.timezone),
            counts=self.week_counts,
            early=self.early,
            folder=config.folder,
            hub_name=self.identity.name,
            note=self.audit.note,
        )
        self.succession = Succession(self.database, self.writer, self.outgoing)
        self.outgoing.holder_of = lambda number: in_place_of(self.database, number)
        self.radio_plans = RadioPlans(self.database, self.writer, self.audit, self.clock)
        self.boxes = BoxDesk(
            self.database,
            self.writer,
            self.audit,
            self.clock,
            self.identity,
            local_time(config.timezone).zone,
            more_of=self.more_of,
        )
        self.pins = PinReset(self.database, self.writer, self.outgoing, self.audit)

    def more_of(self, village: str) -> EnrolmentMore:
        """Return what an enrolment of a village carries beside its keys."""
        return EnrolmentMore(self.radio_plans.of(village), self.content.newest_pack())

    def _placed(self, reports: Sequence[str]) -> None:
        self.week_counts.add(reports)
        self.early.flows.add(reports)

    def _read(self, report_id: str) -> None:
        self.inbox.refresh(report_id)
        self.duty.read(report_id)

    def _told(self, node_number: int, record: Told, at: float) -> None:
        if isinstance(record, ContentHeld):
            self.content.held(node_number, record, at)
        elif isinstance(record, Beacon):
            self.fleet.boxes.hear(node_number, record, at)
        elif isinstance(record, SettingsHeld):
            self.fleet.hear_settings(node_number, record, at)
        elif isinstance(record, UpdateHeld):
            self.fleet.hear_update(node_number, record, at)
        else:
            self.notices.seen(node_number, record, at)

    def desk(self, radio: Radio | None = None) -> HubDesk:
        """Return a desk over this store, in the generation that was drawn last."""
        return join_desk(self, radio)

    def close(self) -> None:
        """Commit what waits and close."""
        self.arrivals.close()
        self.links.flush()
        self.writer.close()
        self.database.close()
