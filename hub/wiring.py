"""Joins a serving hub: its store, its radio, its jobs and its site."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from hub import folder as hub_folder
from hub.bot_turns import BotTurns
from hub.cases.inbox import COUNTDOWN_EVERY_S, SCORE_EVERY_S
from hub.config import HubConfig
from hub.content import RADIO_TURN_S
from hub.disclosure import Disclosure
from hub.folder import ServingLock
from hub.joined_desk import JoinedDesk
from hub.link_days import LinkWatch
from hub.link_desk import HubDesk
from hub.picture_counts import PictureCounts
from hub.store_wiring import HubStore
from hub.subscriptions.door import SubscriptionDoor
from hub.used_forms import UsedForms
from hub.village_links import VillageLinks
from sync.carriers.base import Radio
from sync.carriers.radio import RadioPump
from sync.clock import Clock
from sync.errors import EnrolmentRefused
from sync.scheduling import Job, JobRunner
from sync.wire.bundle_codec import MAX_BUNDLE_BYTES

SANE_WALL_S = 1_795_000_000
"""A hub whose clock shows less than November 2026 has no right time: its receipts would set the villages'."""


class Hub:
    """A serving hub. It draws a new generation, so nodes ask again what it holds.

    Raises HubBusy when another process serves the folder, NotAHub when there is no hub in it.
    """

    def __init__(
        self,
        config: HubConfig,
        *,
        clock: Clock | None = None,
        open_radio: Callable[[str], Radio] | None = None,
    ) -> None:
        hub_folder.check(config.folder)
        self._lock = ServingLock(config.folder)
        try:
            self.store = HubStore(config, clock)
        except Exception:  # whatever it is, it is told, and no lock is left behind
            self._lock.release()
            raise
        self.config = config
        try:
            self.radio = open_radio(config.radio_url) if config.radio_url and open_radio else None
        except ValueError:
            self.store.close()
            self._lock.release()
            raise
        refuse_wrong_date(self.store)
        self.generation = self.store.outgoing.begin_generation(
            max(self.store.clock.wall_s(), hub_folder.last_generation(config.folder) + 1)
        )
        hub_folder.keep_generation(config.folder, self.generation)
        self.desk = self.store.desk(self.radio)
        self.desk.load()
        self.answering: HubDesk | JoinedDesk = self.desk
        self._pump: RadioPump | None = None
        self._watch: LinkWatch | None = None
        self._door: SubscriptionDoor | None = None
        self.jobs = JobRunner(
            [
                *self.store.jobs.all(),
                *self.store.audit.jobs(),
                *self.store.retention.jobs(),
                *self.store.week_counts.jobs(),
                *self.store.early.watch.jobs(),
                *self.store.early.words.jobs(),
                *self.store.weekly.jobs(),
                *self.store.duty.jobs(),
                *self.store.succession.jobs(),
                *self.store.duty_hours.jobs(),
                *self.store.forwarding.jobs(),
                *self.store.receivers.jobs(),
                *self.store.imports.jobs(),
                *self.store.early.series_imports.jobs(),
                *self.store.early.series_watch.jobs(),
                *self.store.gaps.jobs(),
                *self.store.subscriptions.kept.jobs(),
                *self.store.fleet.jobs(),
                *self.store.key_teller.jobs(),
                *self.store.rotation.jobs(),
                Job("send-content", RADIO_TURN_S, self.store.content.turn),
                Job("count-down", COUNTDOWN_EVERY_S, self.store.inbox.count_down),
                Job("triage-scores", SCORE_EVERY_S, self.store.inbox.score_waiting),
            ],
            self.store.jobs,
            self.store.clock,
            lambda: self.store.clock.wall_s() >= SANE_WALL_S,
        )

    def create_app(self) -> Flask:
        """Return the hub's site with the nodes' exchange."""
        from hub.web import (
            box_pages,
            disclosure,
            fleet_pages,
            gap_pages,
            machine_pages,
            radio_plan_pages,
            rollout_pages,
            subscription_pages,
        )
        from hub.web.app import create_hub_app
        from hub.web.one_use_forms import keep_used_forms
        from hub.web.sync_api import create_sync_blueprint

        app = create_hub_app(
            self.store.work,
            accounts=self.store.accounts,
            own_account=self.store.accounts,
            administration=self.store.administration,
            audit=self.store.audit,
            inbox=self.store.inbox,
            triage=self.store.triage,
            scores=self.store.scores,
            draws=self.store.draws,
            search=self.store.search,
            cases=self.store.cases,
            links=VillageLinks(
                self.store.database,
                self.store.links,
                self.store.clock,
                radio=self.radio,
                duty_cycle=self.config.duty_cycle,
            ),
            pins=self.store.pins,
            sessions=self.store.sessions,
            notices=self.store.notices,
            content=self.store.content,
            bulletins=self.store.bulletins,
            bulletins_of_signal=self.store.bulletins,
            receivers=self.store.receivers,
            people=self.store.people,
            pictures=PictureCounts(self.store.database, self.store.week_counts, self.store.early.flows),
            retention=self.store.retention,
            rights=self.store.rights,
            hub_name=self.store.identity.name,
            duty=self.store.duty,
            partners=self.store.sharing.partners,
            referrals=self.store.sharing.referrals,
            agency_desk=self.store.sharing.agency_desk,
            imports=self.store.imports,
            series=self.store.early.series,
            series_imports=self.store.early.series_imports,
            forwarding=self.store.forwarding,
            exports=self.store.sharing.exports,
            public_numbers=self.store.sharing.public_numbers,
            tokens=self.store.sharing.tokens,
            programs=self.store.sharing.programs,
            odata=self.store.sharing.odata,
            networks=self.store.sharing.networks,
            phones=self.store.phones,
            signals=self.store.early.signals,
            evaluating=self.store.early.evaluating,
            teaching=self.store.early.teaching,
            weekly=self.store.weekly.reports,
            weights=self.store.early.weights,
            secret_key=self.store.identity.session_secret,
            secure_cookies=self.config.secure_cookies,
            sync_blueprint=create_sync_blueprint(
                self.answering,
                BotTurns(self.store.database, self.store.writer),
                self.store.clock.wall_s,
                self.store.fleet.boxes.hear_online,
                self.store.fleet.releases.answer,
            ),
            sync_max_body_bytes=MAX_BUNDLE_BYTES,
            clock=self.store.clock,
            timezone_name=self.config.timezone,
        )
        fleet_pages.register(app, self.store.fleet.boxes, self.store.clock)
        rollout_pages.register(app, self.store.fleet.rollouts, self.store.fleet.settings, self.store.clock)
        gap_pages.register(app, self.store.gaps, self.store.clock)
        disclosure.register(app, self._whom_to_tell, self.store.clock, secure=self.config.secure_cookies)
        subscription_pages.register(app, self.store.subscriptions.sending, self.store.clock)
        machine_pages.register(app, self.store.machine)
        box_pages.register(app, self.store.boxes, self.store.clock)
        radio_plan_pages.register(app, self.store.radio_plans, self.store.clock)
        keep_used_forms(app, UsedForms(self.store.database, self.store.writer, self.store.clock))
        return app

    def _whom_to_tell(self) -> Disclosure:
        """Return whom to tell of a weakness: the option of `serve`, else what hub.json says now."""
        given = self.config.security_contacts
        return Disclosure(given) if given else hub_folder.disclosure_of(self.config.folder)

    def start(self) -> None:
        """Start the radio and the jobs; the site is served by the command line."""
        if self.radio is not None:
            self._pump = RadioPump(self.radio, self.desk, self.store.clock)
        self._watch = LinkWatch(self.store.links, self.radio, self.store.clock)
        subscriptions = self.store.subscriptions
        self._door = SubscriptionDoor(self.config.folder, subscriptions.kept, subscriptions.sending)
        self.store.arrivals.start()
        self.store.people.linker.start()
        self.store.machine.start()
        self.jobs.start()

    def close(self) -> None:
        """Stop everything."""
        self.jobs.close()
        if self._door is not None:
            self._door.close()
        self.store.people.linker.close()
        if self._pump is not None:
            self._pump.close()
        elif self.radio is not None:
            self.radio.close()
        if self._watch is not None:
            self._watch.close()
        self.store.close()
        self._lock.release()


def refuse_wrong_date(store: HubStore) -> None:
    """Raise EnrolmentRefused, with the store closed, where this machine's clock has no right time."""
    if store.clock.wall_s() < SANE_WALL_S:
        store.close()
        raise EnrolmentRefused("this machine's date is wrong: set it first, the villages' clocks follow it")
