"""Each role against each route of the real site, drawn from its own map and held to `routes.txt`.

A route that is not in the table fails; so does one that lets in another role than the table says, that
answers nobody, or that shows an account of another area more than that there is no such thing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from findings import finding
from flask import Flask
from flask.testing import FlaskClient
from village import OTHER_VILLAGE, STORY, VILLAGE, Region, quick_folder
from village import report as a_report
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub.account_services import account_key
from hub.bulletins.services import BulletinDraft
from hub.fleet.rollout_services import Choice
from hub.fleet.settings_kind import OWN
from hub.notice_services import NoticeDraft
from hub.other_data.services import SeriesDraft
from hub.referrals.dossier import CONSENT, Basis, Choices
from hub.retention.rights_services import Breach
from hub.services import READING_ROLES, ROLES, Role, SignedIn
from hub.web.form_tokens import FormTokens
from hub.week_counts import week_of
from hub.weekly.services import name_of
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType, NoticeKind

TABLE = Path(__file__).with_name("routes.txt")
WORDS: dict[str, tuple[str, ...]] = {"reading": READING_ROLES, "all": ROLES}
OPEN = ("everybody", "nodes", "programs")
EVERYWHERE = SignedIn("sari", "analyst")
PASSWORD = "kentongan bertalu-talu"
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Ids:
    """What an address may hold: an id of VILLAGE, one of OTHER_VILLAGE (None: of no area), an unknown one."""

    here: str
    there: str | None
    unknown: str


@dataclass(frozen=True)
class Site:
    """The site of a hub with two villages far from each other."""

    region: Region
    app: Flask
    ids: dict[str, Ids]

    def sign_in(self, name: str) -> FlaskClient:
        """Return a browser with a whole session: what signing in itself asks is tested elsewhere."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["id"] = self.region.hub.store.accounts.begin_session(name)
        return client

    def ask(self, client: FlaskClient, method: str, path: str) -> TestResponse:
        """Ask with the right form token and an otherwise empty form."""
        with client.session_transaction() as session:
            token = FormTokens(self.app.secret_key).token(session.get("id", ""))  # type: ignore[arg-type]
        data = {"form_token": token} if method in CHANGING else None
        return client.open(path, method=method, data=data, buffered=True)


def file_report(region: Region, village: str) -> str:
    photo = Attachment(MediaType.JPEG, b"\xff\xd8 foto")
    taken = region.node(village).take_report(a_report(), form_token=None, attachments=[photo])
    region.settle(village)
    assert taken.envelope_id is not None
    return taken.envelope_id


def send_notice(region: Region, village: str) -> str:
    notices = region.hub.store.notices
    [node] = [choice.node for choice in notices.choices() if choice.village == village]
    until = notices.today() + datetime.timedelta(days=9)
    draft = NoticeDraft(NoticeKind.BULLETIN, 2, True, until, "Waspada tawaran kerja.", (node,))
    return str(notices.write(draft, by="sari"))


def write_bulletin(region: Region, village: str) -> str:
    until = region.hub.store.bulletins.today() + datetime.timedelta(days=9)
    draft = BulletinDraft("Actual", "offer", 2, "Likely", village, until, True, "Waspada tawaran kerja.")
    number = region.hub.store.bulletins.save(None, draft, who=EVERYWHERE)
    region.hub.store.bulletins.submit(number, who=EVERYWHERE)
    return str(number)


def join(region: Region, village: str, report: str) -> tuple[str, str]:
    """Join a report with another one of its village; return the other and the person of interest."""
    people = region.hub.store.people
    other = file_report(region, village)
    while people.linker.turn():
        pass
    return other, str(people.decide("recruiter", report, other, same=True, reason="", who=EVERYWHERE))


def open_case(region: Region, report: str) -> str:
    cases = region.hub.store.cases
    number = cases.open("Contoh", who=EVERYWHERE)
    assert cases.add_reports(number, [report], who=EVERYWHERE).done == (report,)
    return number


def refer(region: Region, report: str, partner: int) -> str:
    referrals, today = region.hub.store.sharing.referrals, region.hub.store.inbox.today()
    basis = Basis(CONSENT, "spoken", "reporter", today)
    choices = Choices(partner, ("kind",), (), basis, "Contoh", "Other", today)
    preview = referrals.preview(f"report {report}", choices, None, who=EVERYWHERE)
    return referrals.make(f"report {report}", choices, None, preview.seen, who=EVERYWHERE)


def make_agency(region: Region, name: str) -> int:
    administrator = SignedIn("administrator", "administrator")
    return region.hub.store.sharing.partners.save(None, name, "lpsk", "", "", True, who=administrator)


def add_receiver(region: Region) -> str:
    administrator = SignedIn("administrator", "administrator")
    said = ("Polres", "mail", "piket@polres.example", "")
    number, _ = region.hub.store.receivers.add(*said, who=administrator)
    return str(number)


def ask(region: Region, village: str, gap: int) -> str:
    """Let a village ask what no material answers; return the number of the gap that this makes."""
    region.node(village).questions.send(f"pertanyaan {village} kapal {'layar' * gap}", "id", token="one")
    region.settle(village)
    return str(gap)


def roll_out(region: Region, village: str) -> str:
    choice = Choice(area=village)
    return str(region.hub.store.fleet.rollouts.begin("settings", OWN, choice, "Contoh", who=EVERYWHERE))


def make_series(region: Region, village: str) -> str:
    """Make a series of a village with a count; return its number, which is that of its import, too."""
    store = region.hub.store
    series = store.early.series.make(SeriesDraft("Paspor", "Imigrasi", "passports", village), who=EVERYWHERE)
    batch = store.early.series_imports.upload(series, b"Minggu,Jumlah\n2026-W40,3\n", who=EVERYWHERE)
    store.early.series_imports.carry_out(batch, who=EVERYWHERE)
    assert series == batch
    return str(series)


def import_cases(region: Region) -> str:
    imports = region.hub.store.imports
    batch = imports.upload("Hub lain", b"id,judul\n7,Contoh\n", who=EVERYWHERE)
    imports.carry_out(batch, who=EVERYWHERE)
    return str(batch)


def make_token(region: Region) -> str:
    administrator = SignedIn("administrator", "administrator")
    made = region.hub.store.sharing.tokens.make("Contoh", ("counts",), (), 9, who=administrator)
    return made.partition("_")[0].removeprefix("kt")


def breach(region: Region, report: str) -> str:
    rights, who = region.hub.store.rights, SignedIn("budi", "supervisor")
    return str(rights.open("breach", report, "found", None, Breach("laporan"), who=who))


def raise_signal(region: Region, report: str) -> str:
    signals = region.hub.store.early.signals
    unit = signals.prefilled(report, "", EVERYWHERE).unit
    [taken] = signals.take_findings([finding([report], unit=unit)], region.clock.wall_s())
    return str(taken.signal)


def make_weekly(region: Region) -> str:
    store = region.hub.store
    week = week_of(region.clock.wall_s(), store.week_counts.zone) - 7
    store.weekly.reports.make(week)
    return name_of(week)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with quick_folder(tmp_path_factory.mktemp("site")) as folder:
        region = Region(folder)
        here, there = file_report(region, VILLAGE), file_report(region, OTHER_VILLAGE)
        (beside, person), (beside_there, person_there) = (
            join(region, VILLAGE, here),
            join(region, OTHER_VILLAGE, there),
        )
        numbers = {choice.village: str(choice.node) for choice in region.hub.store.notices.choices()}
        accounts = region.hub.store.accounts
        for role in ROLES:
            accounts.add(role, role, PASSWORD)
            accounts.add(f"{role} here", role, PASSWORD, [VILLAGE[:5]])
        accounts.add("sasaran", "analyst", PASSWORD)
        ours, others = make_agency(region, "LPSK"), make_agency(region, "Polres")
        for name in ("agency", "agency here"):
            region.hub.store.sharing.partners.set_account(ours, name, True, who=EVERYWHERE)
        IDS = {
            "referral": Ids(refer(region, here, ours), refer(region, there, others), "2099-0009.1"),
            "partner": Ids(str(ours), None, "99"),
            "token": Ids(make_token(region), None, "99"),
            "resource": Ids("reports", None, "nothing"),
            "rest": Ids("nothing", None, "nothing"),
            "fileform": Ids("csv", None, "csv"),
            "step": Ids("tarik", None, "tarik"),
            "series_id": Ids(make_series(region, VILLAGE), make_series(region, OTHER_VILLAGE), "99"),
            "gap": Ids(ask(region, VILLAGE, 1), ask(region, OTHER_VILLAGE, 2), "99"),
            "rollout": Ids(roll_out(region, VILLAGE), roll_out(region, OTHER_VILLAGE), "99"),
            "import_id": Ids("1", "2", "99"),
            "batch": Ids(import_cases(region), None, "99"),
            "doing": Ids("batal", None, "batal"),
            "report_id": Ids(here, there, "ffffffffffffffff.0.9"),
            "other": Ids(beside, beside_there, "ffffffffffffffff.0.8"),
            "person": Ids(person, person_there, "99"),
            "decision": Ids(person, person_there, "99"),
            "case": Ids(open_case(region, here), open_case(region, there), "2099-0009"),
            "link": Ids("recruiter", None, "recruiter"),
            "kind": Ids("orang", None, "orang"),
            "form": Ids("komentar", None, "komentar"),
            "saved": Ids("1", None, "99"),
            "number": Ids("0", None, "9"),
            "node": Ids(numbers[VILLAGE], numbers[OTHER_VILLAGE], "99"),
            "serial": Ids(send_notice(region, VILLAGE), send_notice(region, OTHER_VILLAGE), "99"),
            "bulletin": Ids(write_bulletin(region, VILLAGE), write_bulletin(region, OTHER_VILLAGE), "99"),
            "receiver": Ids(add_receiver(region), None, "99"),
            "identifier": Ids("nothing", None, "nothing"),
            "key": Ids(account_key("sasaran"), None, "f" * 16),
            "clock": Ids(breach(region, here), breach(region, there), "99"),
            "signal": Ids(raise_signal(region, here), raise_signal(region, there), "99"),
            "week": Ids(make_weekly(region), None, "2020-W01"),
            "language": Ids("id", None, "de"),
            "filename": Ids("hub.css", None, "missing"),
        }
        yield Site(region, region.hub.create_app(), IDS)
        region.close()


def table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        endpoint, *words = line.partition("#")[0].split() or [""]
        if endpoint:
            assert endpoint not in found, f"{endpoint} stands twice in routes.txt"
            found[endpoint] = tuple(role for word in words for role in WORDS.get(word, (word,)))
            assert set(found[endpoint]) <= {*ROLES, *OPEN}, f"{endpoint}: a word that is none"
            assert found[endpoint], f"{endpoint} names no role"
    return found


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})


def address(site: Site, rule: Rule, which: str) -> str | None:
    """Return an address of a rule with ids of a kind; None where no id of it is of that kind."""
    unknown = rule.arguments - set(site.ids)
    assert not unknown, f"{rule.endpoint}: put {', '.join(sorted(unknown))} into IDS of this test"
    values = {name: getattr(site.ids[name], which) or site.ids[name].here for name in rule.arguments}
    if which == "there" and not any(site.ids[name].there for name in rule.arguments):
        return None
    adapter = site.app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values, method=methods(rule)[0])


def routes(site: Site) -> Iterator[tuple[Rule, str, tuple[str, ...]]]:
    rules = table()
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint in rules:
            for method in methods(rule):
                yield rule, method, rules[rule.endpoint]


def test_every_route_stands_in_the_table_and_no_other(site: Site) -> None:
    there = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    missing, gone = sorted(there - set(table())), sorted(set(table()) - there)
    assert not missing, f"say in {TABLE.name} which roles may use: {', '.join(missing)}"
    assert not gone, f"no such route any more, take out of {TABLE.name}: {', '.join(gone)}"


def leads_to_signing_in(response: TestResponse) -> bool:
    return response.status_code in (301, 302, 303) and (response.location or "").startswith("/sign-in")


def test_nobody_gets_in_without_signing_in(site: Site) -> None:
    wrong = []
    for rule, method, roles in routes(site):
        if set(roles) & set(OPEN):
            continue
        response = site.ask(site.app.test_client(), method, str(address(site, rule, "here")))
        asked = leads_to_signing_in(response) if method == "GET" else response.status_code == 403
        if not asked or STORY in response.text:
            wrong.append((rule.endpoint, method, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_use_what_the_table_says_and_nothing_else(site: Site, role: Role) -> None:
    wrong = []
    for rule, method, roles in routes(site):
        if set(roles) & set(OPEN):
            continue
        response = site.ask(site.sign_in(role), method, str(address(site, rule, "here")))
        if role not in roles:
            # An agency's account learns of no page but its own that it is there.
            refused = 404 if role == "agency" else 403
            right = response.status_code == refused and STORY not in response.text
        elif rule.endpoint in ("sign_in.sign_out", "wall.end"):
            right = leads_to_signing_in(response)
        else:
            # 404 too would mean that the address of this test reaches nothing.
            right = response.status_code not in (403, 404, 405, 500) and not leads_to_signing_in(response)
        if not right:
            wrong.append((rule.endpoint, method, response.status_code))
    assert wrong == []


def without_its_own_words(response: TestResponse, path: str) -> tuple[int, str]:
    text = re.sub(r'value="[0-9a-f]{64}"', "", response.text).replace(path, "")
    return response.status_code, text


def test_another_area_s_id_is_as_unknown_as_one_that_is_not_there(site: Site) -> None:
    wrong: list[tuple[object, ...]] = []
    tried = set()
    for rule, method, roles in routes(site):
        there, unknown = (address(site, rule, which) for which in ("there", "unknown"))
        if there is None or unknown is None or set(roles) & set(OPEN):
            continue
        for role in roles:
            client = site.sign_in(f"{role} here")
            own = site.ask(client, method, str(address(site, rule, "here")))
            other, none = site.ask(client, method, there), site.ask(client, method, unknown)
            if own.status_code in (403, 404) or none.status_code != 404:
                wrong.append((rule.endpoint, method, role, own.status_code, none.status_code))
            if without_its_own_words(other, there) != without_its_own_words(none, unknown):
                wrong.append((rule.endpoint, method, role, other.status_code))
            tried.add(rule.endpoint)
    assert wrong == []
    assert tried >= {"reports.show_report", "reports.answer", "villages.show_village", "notices.show_one"}
    assert tried >= {"bulletins.show_one", "bulletins.cancel", "bulletins.decide"}
    assert tried >= {"triage.step", "cases.show_case", "cases.change", "suggestions.show_similar"}
    assert tried >= {"agency_desk.show_one", "agency_desk.download", "agency_desk.answer"}
    assert tried >= {
        "referrals.show_one",
        "referrals.download",
        "referrals.change",
        "referrals.write_of_case",
    }
    assert tried >= {"rights.show_breach", "rights.tell", "rights.close"}
    assert tried >= {"signals.show_one", "signals.change", "signals.export_svg"}
    assert tried >= {"suggestions.decide", "suggestions.undo", "people.show_one", "people.export_svg"}


def test_lists_show_an_account_its_areas_alone(site: Site) -> None:
    ids = site.ids
    for role in READING_ROLES:
        client = site.sign_in(f"{role} here")
        for path, mine, other in (
            ("/", ids["report_id"].here, ids["report_id"].there),
            ("/kasus", ids["case"].here, ids["case"].there),
            ("/orang", "/orang/" + ids["person"].here, "/orang/" + str(ids["person"].there)),
            ("/sinyal", "/sinyal/" + ids["signal"].here, "/sinyal/" + str(ids["signal"].there)),
            ("/desa", "/desa/" + ids["node"].here, "/desa/" + str(ids["node"].there)),
            ("/pengumuman", "/pengumuman/" + ids["serial"].here, "/pengumuman/" + str(ids["serial"].there)),
            ("/buletin", "/buletin/" + ids["bulletin"].here, "/buletin/" + str(ids["bulletin"].there)),
            ("/materi", "", OTHER_VILLAGE),
        ):
            page = site.ask(client, "GET", path).text
            assert mine in page, (path, role)
            assert str(other) not in page, (path, role)
    page = site.ask(site.sign_in("supervisor here"), "GET", "/pengumuman/tulis").text
    assert f'name="node" value="{ids["node"].there}"' not in page
