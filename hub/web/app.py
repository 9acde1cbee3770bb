"""The hub's site: builds the Flask app from its parts and starts nothing."""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Blueprint, Flask, request

from hub.account_services import AdministrationServices, OwnAccountServices, SignInServices
from hub.audit.log import AuditLog
from hub.bulletins.services import BulletinServices, ReceiverServices
from hub.cases.case_services import CaseServices
from hub.cases.search import SearchServices
from hub.cases.services import InboxServices, TriageServices
from hub.duty.services import DutyServices
from hub.exports.api_services import ApiServices, TokenServices
from hub.exports.odata_services import ODataServices
from hub.exports.services import ExportServices, NetworkExportServices, PublicNumbersServices
from hub.forwarding.services import ForwardingServices
from hub.imports.services import ImportServices
from hub.languages import figures, first_large
from hub.learning.services import EvaluationServices
from hub.learning.teaching_services import TeachingServices
from hub.learning.weight_services import WeightServices
from hub.notice_services import ContentServices, NoticeServices
from hub.openrosa.services import PhoneServices
from hub.other_data.services import OtherImportServices, SeriesServices
from hub.people_services import PeopleServices
from hub.picture_services import PictureServices
from hub.referrals.services import AgencyDeskServices, PartnerServices, ReferralServices
from hub.retention.rights_services import RightsServices
from hub.retention.services import RetentionServices
from hub.risk.services import DrawServices, ScoreServices
from hub.services import READING_ROLES, HubServices, LinkServices, PinServices, SessionServices
from hub.warning.services import BulletinsOfSignal, NoBulletins, SignalServices
from hub.web import (
    account_words,
    administration_pages,
    agency_desk_pages,
    audit_pages,
    bulletin_pages,
    bulletin_receiver_pages,
    cap_feed,
    case_pages,
    content_pages,
    correction_pages,
    draw_pages,
    duty_pages,
    exchange_site,
    inbox_pages,
    joined_time_lines,
    learning_site,
    notice_pages,
    own_account_pages,
    partner_pages,
    person_pages,
    picture_pages,
    referral_pages,
    referral_words,
    report_pages,
    report_words,
    retention_pages,
    rights_pages,
    score_pages,
    search_pages,
    sign_in_pages,
    signal_pages,
    suggestion_pages,
    time_line_pages,
    triage_pages,
    village_pages,
    wall_screens,
    weekly_pages,
)
from hub.web.error_pages import QuietFlask, add_error_pages
from hub.web.form_tokens import FormTokens
from hub.web.guards import FORM_MAX_BYTES, Guard, RequestInMemory, who_is_signed_in
from hub.web.headers import put_headers_on_every_answer
from hub.web.local_time import LocalTime, local_time
from hub.web.row_numbers import RowNumberConverter
from hub.web.sessions import Sessions
from hub.web.shown_text import language_tag, plain_line, show_line, show_text
from hub.web.template_texts import translate_templates
from hub.weekly.services import WeeklyServices
from sync.clock import Clock, SystemClock

SECRET_KEY_BYTES: Final = 32
SYNC_MAX_BODY_BYTES: Final = 4 * 1024 * 1024
"""Some hundred attachment pieces of 32 KiB in one exchange of a node."""


def create_hub_app(
    services: HubServices,
    *,
    accounts: SignInServices,
    inbox: InboxServices,
    links: LinkServices,
    pins: PinServices,
    sessions: SessionServices,
    secret_key: bytes,
    secure_cookies: bool,
    triage: TriageServices | None = None,
    scores: ScoreServices | None = None,
    draws: DrawServices | None = None,
    search: SearchServices | None = None,
    cases: CaseServices | None = None,
    notices: NoticeServices | None = None,
    content: ContentServices | None = None,
    bulletins: BulletinServices | None = None,
    receivers: ReceiverServices | None = None,
    own_account: OwnAccountServices | None = None,
    administration: AdministrationServices | None = None,
    audit: AuditLog | None = None,
    people: PeopleServices | None = None,
    pictures: PictureServices | None = None,
    retention: RetentionServices | None = None,
    rights: RightsServices | None = None,
    hub_name: str = "",
    duty: DutyServices | None = None,
    partners: PartnerServices | None = None,
    referrals: ReferralServices | None = None,
    agency_desk: AgencyDeskServices | None = None,
    imports: ImportServices | None = None,
    series: SeriesServices | None = None,
    series_imports: OtherImportServices | None = None,
    forwarding: ForwardingServices | None = None,
    exports: ExportServices | None = None,
    public_numbers: PublicNumbersServices | None = None,
    tokens: TokenServices | None = None,
    programs: ApiServices | None = None,
    odata: ODataServices | None = None,
    networks: NetworkExportServices | None = None,
    phones: PhoneServices | None = None,
    signals: SignalServices | None = None,
    evaluating: EvaluationServices | None = None,
    weekly: WeeklyServices | None = None,
    weights: WeightServices | None = None,
    teaching: TeachingServices | None = None,
    bulletins_of_signal: BulletinsOfSignal | None = None,
    sync_blueprint: Blueprint | None = None,
    sync_max_body_bytes: int = SYNC_MAX_BODY_BYTES,
    clock: Clock | None = None,
    timezone_name: str = "Asia/Makassar",
) -> Flask:
    """Build the site of one hub.

    `secret_key` signs sessions and forms: 32 random bytes, kept over restarts. `secure_cookies` is for
    HTTPS; without it the site works over plain HTTP on this machine only. `sync_blueprint` answers the
    nodes below `/sync/`: it needs no sign-in and no form token, and its bodies may have
    `sync_max_body_bytes`. Raises ValueError for a short key or an unknown time zone.
    """
    if len(secret_key) < SECRET_KEY_BYTES:
        raise ValueError(f"the secret key must have at least {SECRET_KEY_BYTES} bytes")
    clock = clock or SystemClock()
    local = local_time(timezone_name)
    app = QuietFlask("hub.web")
    app.request_class = RequestInMemory
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="__Host-kentongan_hub" if secure_cookies else "kentongan_hub",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=secure_cookies,
        MAX_CONTENT_LENGTH=FORM_MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_MAX_BYTES,
        # An error never reaches the server around the app, whose log would hold its text.
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.filters.update(
        exact=show_text,
        line=show_line,
        plain=plain_line,
        language_tag=language_tag,
        moment=local.moment,
        short_moment=local.short_moment,
        machine_time=local.machine_time,
        figures=figures,
        first_large=first_large,
    )
    translate_templates(app.jinja_env)
    app.jinja_env.globals.update(words=report_words, reading_roles=READING_ROLES)
    app.url_map.converters["int"] = RowNumberConverter
    app.url_map.converters["case_number"] = case_pages.CaseNumberConverter
    app.url_map.converters["envelope_id"] = report_pages.EnvelopeIdConverter
    app.url_map.converters["referral_name"] = referral_pages.ReferralNameConverter

    put_headers_on_every_answer(app, secure=secure_cookies)
    if sync_blueprint is not None:
        _register_sync(app, sync_blueprint, sync_max_body_bytes)
    signed_in = Sessions(accounts)
    Guard(
        signed_in,
        FormTokens(secret_key),
        secure_cookies=secure_cookies,
        machines=[
            *exchange_site.MACHINES,
            cap_feed.BLUEPRINT_NAME,
            *([] if sync_blueprint is None else [sync_blueprint.name]),
        ],
    ).install(app)
    add_error_pages(app)
    app.register_blueprint(sign_in_pages.make_blueprint(accounts, signed_in))
    app.register_blueprint(wall_screens.make_blueprint(signed_in))
    _register_reports(app, services, inbox, triage, scores, draws, cases, duty, local, clock)
    app.register_blueprint(village_pages.make_blueprint(links, pins, sessions, clock))
    app.jinja_env.globals.update(
        front_page=sign_in_pages.front_page,
        role_words=account_words.ROLE_WORDS,
        has_search=search is not None,
        has_pictures=pictures is not None,
        has_duty=duty is not None and pictures is not None,
        linked=None if people is None else people.of_report,
        corrected=None if people is None else people.corrections.of_report,
        has_notices=notices is not None and content is not None,
        has_own_account=own_account is not None,
        has_accounts=administration is not None,
        has_log=audit is not None,
        has_retention=retention is not None,
    )
    _register_referrals(app, partners, referrals, agency_desk, clock)
    exchange_site.register_what_comes_in(app, imports, series, series_imports, local, clock)
    exchange_site.register_what_goes_out(app, forwarding, exports, public_numbers, networks)
    exchange_site.register_programs(app, tokens, programs, odata, clock)
    exchange_site.register_phones(app, phones, tokens, secure=secure_cookies, hub_name=hub_name)
    _register_signals(app, signals, bulletins_of_signal or NoBulletins(), clock)
    weekly_pages.register(app, weekly, local, hub_name)
    learning_site.register(app, evaluating, weights, teaching, local, clock)
    if search is not None:
        app.register_blueprint(search_pages.make_blueprint(search, clock))
    if people is not None:
        app.register_blueprint(suggestion_pages.make_blueprint(people, clock))
        app.register_blueprint(person_pages.make_blueprint(people, clock))
        app.register_blueprint(correction_pages.make_blueprint(people.corrections, referrals))
    _register_pictures(app, services, pictures, duty, local, clock)
    app.register_blueprint(
        joined_time_lines.make_blueprint(cases if triage is not None else None, people, clock, local)
    )
    if notices is not None and content is not None:
        app.register_blueprint(notice_pages.make_blueprint(notices, clock, bulletins or NoBulletins()))
        app.register_blueprint(content_pages.make_blueprint(content, clock))
    _register_bulletins(app, bulletins, receivers, clock, hub_name)
    if own_account is not None:
        app.register_blueprint(own_account_pages.make_blueprint(own_account, signed_in, clock))
    if administration is not None:
        app.register_blueprint(administration_pages.make_blueprint(administration))
    _register_what_is_kept(app, audit, retention, local, clock)
    _register_rights(app, rights, local, clock, hub_name)
    return app


def _register_bulletins(
    app: Flask,
    bulletins: BulletinServices | None,
    receivers: ReceiverServices | None,
    clock: Clock,
    hub_name: str,
) -> None:
    app.jinja_env.globals["has_bulletins"] = bulletins is not None and receivers is not None
    if bulletins is not None and receivers is not None:
        app.register_blueprint(bulletin_pages.make_blueprint(bulletins, clock))
        app.register_blueprint(bulletin_receiver_pages.make_blueprint(receivers))
        app.register_blueprint(cap_feed.create_cap_feed(bulletins, hub_name))


def _register_what_is_kept(
    app: Flask, audit: AuditLog | None, retention: RetentionServices | None, local: LocalTime, clock: Clock
) -> None:
    if retention is not None:
        app.register_blueprint(retention_pages.make_blueprint(retention))
    if audit is not None:
        app.register_blueprint(audit_pages.make_blueprint(audit, local, clock))


def _register_rights(
    app: Flask, rights: RightsServices | None, local: LocalTime, clock: Clock, hub_name: str
) -> None:
    app.jinja_env.globals["rights_due"] = (
        None if rights is None else partial(rights_pages.due_soon, rights, clock)
    )
    if rights is not None:
        app.register_blueprint(rights_pages.make_blueprint(rights, local, clock, hub_name))


def _register_reports(
    app: Flask,
    services: HubServices,
    inbox: InboxServices,
    triage: TriageServices | None,
    scores: ScoreServices | None,
    draws: DrawServices | None,
    cases: CaseServices | None,
    duty: DutyServices | None,
    local: LocalTime,
    clock: Clock,
) -> None:
    page = report_pages.ReportPage(services, local, triage, cases, duty)
    app.extensions[report_pages.PAGE] = page
    app.register_blueprint(inbox_pages.make_blueprint(inbox, triage, cases, clock))
    app.register_blueprint(report_pages.make_blueprint(services, page))
    score_pages.register(app, scores, page.show_refused)
    draw_pages.register(app, draws, page.show_refused)
    app.jinja_env.globals["has_cases"] = cases is not None
    if triage is not None:
        app.register_blueprint(triage_pages.make_blueprint(triage, page.show_refused))
        if cases is not None:
            app.register_blueprint(case_pages.make_blueprint(cases, triage, clock))


def _register_pictures(
    app: Flask,
    services: HubServices,
    pictures: PictureServices | None,
    duty: DutyServices | None,
    local: LocalTime,
    clock: Clock,
) -> None:
    if pictures is None:
        return
    app.register_blueprint(picture_pages.make_blueprint(pictures, clock, local, duty))
    app.register_blueprint(time_line_pages.make_blueprint(services, clock, local))
    if duty is not None:  # the wall is its page, too
        app.register_blueprint(duty_pages.make_blueprint(duty, clock))


def _register_referrals(
    app: Flask,
    partners: PartnerServices | None,
    referrals: ReferralServices | None,
    agency_desk: AgencyDeskServices | None,
    clock: Clock,
) -> None:
    app.jinja_env.globals["referral_states"] = referral_words.STATE_WORDS
    if partners is None or referrals is None or agency_desk is None:
        app.jinja_env.globals["referred"] = None
        return
    app.jinja_env.globals["referred"] = lambda about: referrals.of(about, who=who_is_signed_in())
    app.register_blueprint(partner_pages.make_blueprint(partners))
    app.register_blueprint(referral_pages.make_blueprint(referrals, partners, clock))
    app.register_blueprint(agency_desk_pages.make_blueprint(agency_desk))


def _register_signals(
    app: Flask, signals: SignalServices | None, bulletins: BulletinsOfSignal, clock: Clock
) -> None:
    told = None if signals is None else signal_pages.Told(signals)
    app.jinja_env.globals.update(
        open_signals=None if told is None else told.open_now,
        watched_signals=None if told is None else told.watched,
        signals_of=None if told is None else told.of_report,
    )
    if signals is not None:
        app.register_blueprint(signal_pages.make_blueprint(signals, bulletins, clock))


def _register_sync(app: Flask, sync_blueprint: Blueprint, max_body_bytes: int) -> None:
    # Before any other check, and before the blueprint reads its first byte.
    @app.before_request
    def set_body_limit() -> None:
        if sync_blueprint.name in request.blueprints:
            request.max_content_length = max_body_bytes

    app.register_blueprint(sync_blueprint)
