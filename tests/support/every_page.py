"""Every page of a hub's site that is asked for with GET, drawn from its map of routes, with the filters,
next pages and searches that a person would use. Shared by `scripts/measure-pages-at-scale` and the test of plans."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.account_services import account_key
from hub.accounts.models import User
from hub.bulletins.services import BulletinDraft
from hub.cases.case_models import CaseFile, CaseReport
from hub.fleet.models import FleetRollout
from hub.fleet.settings_kind import OWN
from hub.gaps.models import Gap
from hub.links.models import LinkDecision, LinkMember
from hub.models import Node, Report
from hub.other_data.models import OtherSeries
from hub.other_data.services import SeriesDraft
from hub.referrals.dossier import CONSENT, Basis, Choices
from hub.referrals.models import PartnerAccount
from hub.retention.rights_services import Breach
from hub.services import SignedIn
from hub.signals.finding import Category, Finding, Group, Sort, WeekPoint
from hub.store_wiring import HubStore
from hub.web.form_tokens import FormTokens
from hub.week_counts import week_of
from hub.weekly.services import name_of
from sync.identifiers import EnvelopeId, Lane
from sync.wire.open_questions import Question

PASSWORD = "kentongan bertalu-talu"
BUDI = SignedIn("budi", "supervisor")
KETUT = SignedIn("ketut", "administrator")
NO_PAGES = frozenset({"static", "sync.exchange", "sync.frames"})
"""Routes that show nothing of the store."""
SEARCHES = {
    "a frequent word": "malaysia",
    "two frequent words": "wayan malaysia",
    "a frequent beginning": "ma",
    "a rare word": "zebrafinken",
    "a rare and a frequent word": "zebrafinken malaysia",
    "two words never together": "zebrafinken nothingofthat",
    "the end of a number": "0421",
    "a whole number": "0812-0000-0421",
}
MORE = {
    "inbox.show_list": (
        *(
            "?urgent=1",
            "?unread=1",
            "?mine=1",
            "?stage=new",
            "?stage=kept",
            "?stage=closed",
            "?stage=discarded",
        ),
        *("?kind=missing", "?area={province}", "?area={regency}", "?area={district}", "?area={village}"),
        *("?area={regency}&kind=missing&unread=1&mine=1", "?area={province}&kind=missing&urgent=1"),
        "?area=99&stage=closed",
        "?band=urgent",
        "?band=low&area={regency}&kind=missing",
    ),
    "cases.show_list": ("?state=closed",),
    "signals.show_list": (
        *(
            "?state=closed",
            "?state=open",
            "?late=1",
            "?mine=1",
            "?watched=1",
            "?rule=kentongan",
            "?rule=person",
        ),
        *("?area={regency}", "?level=village", "?before=9"),
    ),
    "signals.write_new": ("?laporan={report}", "?kasus={case}"),
    "pictures.peta": ("?minggu=26", "?minggu=4&jenis=missing", "?provinsi={province}&minggu=26"),
    "pictures.mingguan": ("?minggu=26", "?jenis=missing&minggu=26"),
    "pictures.alur": ("?minggu=26&jenis=missing", "?provinsi={province}", "?umum=1"),
    "pictures.tujuan": ("?minggu=26", "?jenis=missing&minggu=26"),
    "audit.show_log": (
        "?by=sari",
        "?what=read",
        "?about=report+{report}",
        "?by=nobody",
        "?by=sari&what=forgotten",
    ),
    "api.reports": ("?area={regency}", "?kind=missing", "?area={village}&kind=missing"),
    "api.cases": ("?state=closed",),
    "api.counts": ("?weeks=26",),
    "odata.resource": ("?$count=true", "?$filter=kind eq 'missing'", "?$top=5&$select=id"),
}


@dataclass(frozen=True)
class Page:
    """One page as somebody asks for it. `what` tells it apart from others of its route."""

    endpoint: str
    what: str
    account: str
    path: str
    form: dict[str, str] = field(default_factory=dict)


@dataclass
class EveryPage:
    """The site of a filled hub, with accounts of every role, and one thing of every kind to look at."""

    store: HubStore
    app: Flask

    def __post_init__(self) -> None:
        self._clients: dict[str, FlaskClient] = {}
        self.values = self._prepare()

    def _prepare(self) -> dict[str, str]:
        store, database = self.store, self.store.database
        held = LinkMember.select(LinkMember, CaseReport.case.alias("case")).join(
            CaseReport, on=(CaseReport.report == LinkMember.report)
        )
        row = (
            held.where(LinkMember.kind == "recruiter")
            .order_by(LinkMember.group.desc())
            .objects()
            .first(database)
        )
        report = Report.select().where(Report.id == row.report).get(database)
        decision = LinkDecision.select().where(LinkDecision.id == row.group).get(database)
        village = Node.select(Node.village).where(Node.number == report.node).scalar(database)
        known = {row.name for row in User.select(User.name).execute(database)}
        for name, role, areas in (
            ("sari", "analyst", []),
            ("wilayah", "analyst", [village[:5]]),
            ("desa", "analyst", [village]),
            ("budi", "supervisor", []),
            ("ketut", "administrator", []),
            ("auditor", "auditor", []),
            ("lembaga", "agency", []),
        ):
            if name not in known:
                store.accounts.add(name, role, PASSWORD, areas)
        partner = store.sharing.partners.save(None, "LPSK", "lpsk", "", "", True, who=KETUT)
        if "lembaga" in known:
            partner = PartnerAccount.select(PartnerAccount.partner).scalar(database)
        else:
            store.sharing.partners.set_account(partner, "lembaga", True, who=KETUT)
        today = store.inbox.today()
        choices = Choices(
            partner, ("kind",), (), Basis(CONSENT, "spoken", "reporter", today), "Contoh", "Other", today
        )
        seen = store.sharing.referrals.preview(f"report {report.id}", choices, None, who=BUDI).seen
        referral = store.sharing.referrals.make(f"report {report.id}", choices, None, seen, who=BUDI)
        batch = store.imports.upload("Hub lain", b"id,judul\n7,Contoh\n", who=KETUT)
        # A hub that was measured before holds a series already.
        name = f"Imigrasi {OtherSeries.select().count(database) + 1}"
        series = store.early.series.make(SeriesDraft("Paspor", name, "passports", village[:5]), who=KETUT)
        counts = store.early.series_imports.upload(
            series, b"Minggu,Jumlah\n2026-W40,3\n2026-W41,4\n", who=KETUT
        )
        clock = store.rights.open("breach", report.id, "found", None, Breach("laporan"), who=BUDI)
        self.token = store.sharing.tokens.make(
            "Contoh", ("reports", "cases", "counts", "referrals"), (), 9, who=KETUT
        )
        bulletins = store.bulletins
        wording = BulletinDraft("Actual", "offer", 2, "Likely", "", bulletins.today(), True, "Waspada.")
        bulletin = bulletins.save(None, wording, who=KETUT)
        bulletins.submit(bulletin, who=KETUT)
        seen_text = bulletins.view(bulletin, who=BUDI, first=0, limit=1).seen
        bulletins.approve(bulletin, seen_text, who=BUDI)
        case = CaseFile.select(CaseFile.number).where(CaseFile.id == row.case).scalar(database)
        week = week_of(store.clock.wall_s(), store.week_counts.zone)
        point = WeekPoint(week, 5.0, 0.0, 0.5, 1.5)
        found = Finding(
            "kentongan",
            Sort.EXCESS,
            village,
            Category(Group.ALL),
            week,
            2,
            5.0,
            0.0,
            1.0,
            0.001,
            (point,),
            (report.id,),
        )
        store.weekly.reports.make(week - 7)
        if not Gap.select().exists(database):
            place, asked = EnvelopeId(bytes(8), Lane.REPORT, 7), Question("berapa harga tiket kapal")
            at = store.clock.wall_s()
            store.writer.run(lambda: store.gaps.add(place, int(report.node), asked, "http", at))
        gap = Gap.select(Gap.id).order_by(Gap.id).scalar(database)
        planned = {"kind": "settings", "what": OWN, "whom": "all", "reason": "Contoh", "made_by": "ketut"}
        row_of = FleetRollout.insert(**planned, made_at=store.clock.wall_s(), condition="stopped")
        rollout = store.writer.run(lambda: row_of.execute(database))
        [taken] = store.early.signals.take_findings([found], store.clock.wall_s())
        return {
            "signal": str(taken.signal),
            "gap": str(gap),
            "rollout": str(rollout),
            "week": name_of(week - 7),
            "language": "id",
            "referral": referral, "partner": str(partner), "token": "1", "rest": "nothing", "fileform": "csv", "step": "tarik",  # noqa: E501
            "batch": str(batch), "doing": "batal", "report_id": report.id, "other": decision.other, "person": str(row.group),  # noqa: E501
            "decision": str(row.group), "case": case, "link": "recruiter", "kind": "orang", "form": "komentar", "saved": "1",  # noqa: E501
            "number": "0", "series_id": str(series), "import_id": str(counts), "node": str(report.node), "serial": "1007", "key": account_key("sari"), "clock": str(clock),  # noqa: E501
            "filename": "hub.css", "resource": "reports", "province": village[:2], "regency": village[:5], "district": village[:8], "village": village,  # noqa: E501
            "report": report.id, "bulletin": str(bulletin), "identifier": bulletins.feed()[0].identifier,
        }  # fmt: skip

    # -- asking -----------------------------------------------------------------------------------

    def ask(self, page: Page) -> TestResponse:
        """Ask for a page as its account; a form is sent with its token."""
        if page.account == "program":
            return self.app.test_client().get(
                page.path, headers={"Authorization": f"Bearer {self.token}"}, buffered=True
            )
        client = self._client(page.account)
        if not page.form:
            return client.get(page.path, buffered=True)
        with client.session_transaction() as session:
            token = FormTokens(self.app.secret_key).token(session.get("id", ""))  # type: ignore[arg-type]
        return client.post(page.path, data={"form_token": token, **page.form}, buffered=True)

    def _client(self, account: str) -> FlaskClient:
        if account not in self._clients:
            client = self._clients[account] = self.app.test_client()
            if account:
                with client.session_transaction() as session:
                    session["id"] = self.store.accounts.begin_session(account)
        return self._clients[account]

    # -- what there is ----------------------------------------------------------------------------

    def pages(self, table: dict[str, tuple[str, ...]]) -> Iterator[Page]:
        """Yield every page; `table` tells which roles may use a route (tests/hub/web/routes.txt)."""
        adapter = self.app.url_map.bind("localhost")
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
            if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
                continue
            roles = table[rule.endpoint]
            path = adapter.build(
                rule.endpoint, {name: self.values[name] for name in rule.arguments}, method="GET"
            )
            for account in accounts_for(roles):
                for more in ("", *MORE.get(rule.endpoint, ())):
                    yield Page(rule.endpoint, more, account, path + more.format(**self.values))
        for what, typed in SEARCHES.items():
            for account in ("sari", "wilayah"):
                yield Page("search.find", what, account, "/cari", {"text": typed})

    def following(self, page: Page, answer: TestResponse) -> Page | None:
        """Return the next page that an answer leads to, or None."""
        if not (answer.mimetype or "").startswith(("text/html", "application/json")):
            return None
        link = re.search(r'class="more"><a href="([^"]+)"', answer.text)
        if link is None and page.account == "program":
            told: Any = answer.get_json(silent=True)
            cursor = told.get("next") if isinstance(told, dict) else None
            if cursor is None:
                return None
            path = f"{page.path}{'&' if '?' in page.path else '?'}cursor={cursor}"
            return Page(page.endpoint, f"{page.what} next", page.account, path)
        return (
            None
            if link is None
            else Page(page.endpoint, f"{page.what} next", page.account, link[1].replace("&amp;", "&"))
        )


def accounts_for(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return as whom a route is asked: one without areas, and one of a regency where it may."""
    if "programs" in roles:
        return ("program",)
    if "everybody" in roles:
        return ("",)
    if "analyst" in roles:
        return ("sari", "wilayah")
    for role, account in (
        ("supervisor", "budi"),
        ("administrator", "ketut"),
        ("auditor", "auditor"),
        ("agency", "lembaga"),
    ):
        if role in roles:
            return (account,)
    return ("sari",)


def roles_of(text: str) -> dict[str, tuple[str, ...]]:
    """Return the table of routes.txt."""
    words = {"reading": ("analyst", "supervisor", "administrator"), "all": ("analyst",)}
    rows = (line.partition("#")[0].split() for line in text.splitlines())
    return {
        row[0]: tuple(role for word in row[1:] for role in words.get(word, (word,))) for row in rows if row
    }
