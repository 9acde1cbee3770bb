"""A hub with something on each of its pages, and the addresses of those pages."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial

from findings import WEEK, finding
from inbox_arrivals import arrive
from linked_reports import BUDI, WAYAN, LinkedReports
from office import Officer
from referral_desk import AGENCY, ReferralDesk
from village import NOW_S, OTHER_VILLAGE, VILLAGE, Region

from firmware_bridge.frequency_slots import Band
from hub.account_services import account_key
from hub.bulletins.services import BulletinDraft
from hub.duty.ways import MailServer, keep_mail
from hub.fleet.models import FleetSettingsSent
from hub.fleet.rollout_services import Choice
from hub.fleet.settings_kind import written
from hub.gaps.services import GapAnswer
from hub.machine_reading.models import MachineReading
from hub.machine_reading.readings import MACHINE
from hub.machine_reading.services import DONE, FAILED, NARRATIVE, TRANSLATION, WAITS, Piece, Reading
from hub.models import Node, Report
from hub.notice_services import NoticeDraft
from hub.other_data.services import SeriesDraft
from hub.radio_plans import Wish
from hub.retention.rights_services import Breach
from hub.services import SignedIn
from hub.signals.finding import Category, Group, Sort
from hub.warning.risk import Cell
from hub.warning.services import Closing, Draft
from hub.week_counts import week_of
from hub.weekly.services import name_of
from sync.identifiers import EnvelopeId, Lane
from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust, DiskFree, QueueAge, RadioGrade
from sync.wire.box_settings import SettingsHeld
from sync.wire.numbers import BoxSetting, NoticeKind, SettingsState, UpdateTrouble
from sync.wire.open_questions import Question
from sync.wire.update_records import NO_VERSION, UpdateHeld

OF_ADMINISTRATOR = (
    *(
        "/desa",
        "/pendaftaran",
        "/pendaftaran/radio",
        "/pengumuman",
        "/pengumuman/tulis",
        "/materi",
        "/masa-simpan",
        "/akun-saya",
        "/akun-saya/kode",
        "/token",
        "/token/panduan",
        "/ponsel",
    ),
    *("/akun", "/akun/baru", f"/akun/{account_key('sari')}", f"/akun/{account_key('ketut')}", "/tidak-ada"),
)
KETUT = SignedIn("ketut", "administrator")
OF_SUPERVISOR = (
    "/ekspor",
    "/hak",
    "/hak/1/pemberitahuan",
    "/belajar",
    "/belajar?minggu=13&kapasitas=x",
    "/belajar/bobot",
    "/belajar/penyuluhan",
    "/koreksi",
    "/orang/1/koreksi",
    "/orang/3/koreksi",
)
OF_AUDITOR = (
    "/catatan",
    "/catatan/keadaan",
    "/akun-saya",
    "/sinyal",
    "/sinyal/1",
    "/",
    "/belajar",
    "/belajar/bobot",
)


def read_by_machine(region: Region, report: str) -> None:
    """Let a machine have read a report in Javanese words, and an officer corrected it."""
    machine, store = region.hub.store.machine, region.hub.store
    pieces = (Piece("Seorang laki-laki mengajak tiga anak "), Piece("mangkat", False))
    told = json.dumps(asdict(Reading(pieces, 0.7, "jv", "id", "contoh-jv-id", "2026-11")))
    row = {"report": report, "kind": TRANSLATION, "of": NARRATIVE, "asked_by": "sari"}
    rest = {
        "asked_at": region.clock.wall_s(),
        "content": "",
        "correction": "",
        "corrected_by": "",
        "corrected_at": None,
    }
    for state in (WAITS, DONE, FAILED):
        store.writer.run(partial(MachineReading.insert(**row, **rest, state=state).execute, store.database))
    sealed = store.writer.run(lambda: store.contents.seal(report, MACHINE, told))
    this = MachineReading.update(content=sealed).where(MachineReading.state == DONE)
    store.writer.run(lambda: this.execute(store.database))
    number = (
        MachineReading.select(MachineReading.id).where(MachineReading.state == DONE).scalar(store.database)
    )
    machine.correct(report, number, "Seorang laki-laki mengajak tiga anak berangkat.", who=BUDI)


def of_analysts(region: Region) -> tuple[str, ...]:
    """Fill a hub with reports in several states, a case and people of interest; return what to look at."""
    store = region.hub.store
    linked = LinkedReports(region)
    first, second, third = linked.three_villages()
    store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    fourth = linked.told(recruiter=WAYAN)
    store.people.decide("recruiter", fourth, third, same=False, reason="Lain.", who=BUDI)
    both = [linked.told(recruiter={"name": "Made Samaran"}, village=v) for v in (VILLAGE, OTHER_VILLAGE)]
    store.people.decide("recruiter", *both, same=True, reason="", who=BUDI)
    store.people.corrections.mark(3, "Orang lain.", who=BUDI)
    story = "Pak Contoh (0812-0000-4321) ngajak bocah telu menyang Batam, mangkate bengi, durung bali."
    more = {"urgency": "now", "indicators": ["confinement"], "people": {"children": 2}}
    report, _ = arrive(region, story, "Lagi.", village="52.02.08.2002", **more)
    read_by_machine(region, report)
    store.triage.step(report, "risk", "high", "anak ikut", seen=None, who=BUDI)
    store.triage.assign(report, "sari", who=BUDI)
    store.scores.override(report, "high", "sudah ditangani polisi", seen=0, who=BUDI)
    store.triage.comment(report, "Tanya BP3MI", who=BUDI)
    late = Report.update(from_shut_out=True).where(Report.id == report)
    store.writer.run(partial(late.execute, store.database))
    case = store.cases.open("Tiga anak ke Batam", who=BUDI)
    store.cases.add_reports(case, [report], who=BUDI)
    store.cases.add_person(case, "Pak Contoh", "0812-0000-4321", "calo", who=BUDI)
    store.cases.add_task(case, "Telepon BP3MI", store.inbox.today(), "sari", who=BUDI)
    store.duty.add_shifts("sari", 1, [0], (450, 960), True, by=KETUT)
    store.duty.add_change(store.inbox.today().isoformat(), None, None, by=KETUT)
    keep_mail(region.hub_folder, MailServer("127.0.0.1", 25, "none", "hub@kantor.example"), "")
    store.duty.turn()
    store.rights.open("breach", report, "found", None, Breach("satu laporan"), who=BUDI)
    store.rights.close(
        store.rights.open("access", third, "phone", None, None, who=BUDI), "Salinan diberikan.", who=BUDI
    )
    of_signals = signals(region, report)
    store.sharing.tokens.make("peta kantor", ("reports", "counts"), (), 30, who=KETUT)
    return (
        # The list that refreshes itself has a link that stops it; axe would have none that does.
        *("/?still=1", "/?still=1&stage=kept&area=52", f"/reports/{report}", "/kasus", f"/kasus/{case}"),
        *("/cari", "/kaitan", f"/reports/{third}/serupa", "/orang", "/orang/1", "/kaitan/ukuran"),
        *("/kaitan/keputusan/1/batal", "/piket", f"/kasus/{case}/garis-waktu", "/orang/1/garis-waktu"),
        *("/tujuan", *of_signals, *of_referrals(region, case)),
    )


def signals(region: Region, report: str) -> tuple[str, ...]:
    """Let a rule raise signals of every sort and a person one; return their pages."""
    found, village = region.hub.store.early.signals, "52.02.08.2002"
    by_kind = Category(Group.KIND, "recruiter")
    sorts = [
        finding([report], unit=village, category=by_kind),
        finding(sort=Sort.SILENCE, unit="52.02.08", count=0.0, usual_low=2.0, usual_high=5.0),
        finding(sort=Sort.OFFLINE, rule="rki", week=WEEK - 70),
    ]
    first, silent, offline = (one.signal for one in found.take_findings(sorts, region.clock.wall_s()))
    found.take_findings([finding([report], unit=village, category=by_kind, week=WEEK + 7)], NOW_S)
    hand = Draft("Calo di pasar", "52.02", "Fasilitator menelepon.", (), "")
    person = found.raise_by_hand(hand, who=BUDI)
    found.assign(first, "sari", who=BUDI)
    found.monitor(first, region.hub.store.inbox.today() + datetime.timedelta(9), "Lihat lagi.", who=BUDI)
    found.add_report(person, report, who=BUDI)
    for to in ("verification", "assessment"):
        found.move(first, to, "", seen=None, who=BUDI)
    found.assess(first, Cell(4, 5), "Tiga anak.", seen=None, who=BUDI)
    found.comment(first, "Sudah ditelepon.", who=BUDI)
    found.move(person, "response", "Berangkat malam ini.", seen=None, who=BUDI)
    found.fold(offline, silent, "Kotak yang sama.", who=BUDI)
    found.close(silent, Closing("false", "data_error", "Kotak rusak.", {}), seen=None, who=BUDI)
    shown = tuple(f"/sinyal/{number}" for number in (first, silent, offline, person))
    return ("/sinyal", "/sinyal?state=closed", "/sinyal/baru", f"/sinyal/baru?laporan={report}", *shown)


def of_referrals(region: Region, case: str) -> tuple[str, ...]:
    """Refer a report and a case; return the pages of officers and administrators about referrals."""
    desk = ReferralDesk(region)
    report = desk.arrive("52.02.08.2002")
    region.hub.store.cases.add_reports(case, [report], who=BUDI)
    desk.refer(report)
    waits = desk.refer(desk.arrive("52.02.08.2002", reporter={"refer": False}))
    return (
        *(f"/reports/{report}/rujuk", f"/reports/{report}/rujuk?untuk=1", f"/kasus/{case}/rujuk?untuk=2"),
        *("/rujukan", f"/rujukan/{waits}", f"/reports/{report}/rujuk?ganti=2027-0001.1"),
        *("/rujukan/2027-0001.1", "/lembaga", "/lembaga/1"),
    )


def of_imports(region: Region) -> Iterator[tuple[str, str]]:
    """Yield the pages of imports: a draft of the administrator's, one that is done, and a case of it."""
    imports, who = region.hub.store.imports, SignedIn("ketut", "administrator")
    file = b"id,judul,nama korban,perekrut,uraian\nA-1,Tiga anak,Melati,Pak Contoh,cerita\n,Tanpa,,,\n"
    done = imports.upload("BP3MI NTB", file, who=who)
    imports.carry_out(done, who=who)
    draft = imports.upload("BP3MI NTB", file, who=who)
    [case] = imports.view(done, who=who).cases
    for path in ("/impor", f"/impor/{done}", f"/impor/{draft}", f"/kasus/{case}"):
        yield path, as_account(region, who.name, path)


def of_series(region: Region) -> tuple[str, ...]:
    """Make a series of another office with counts, a file that is looked at, and one that is done."""
    store, who = region.hub.store, SignedIn("ketut", "administrator")
    told = SeriesDraft("Paspor NTB", "Imigrasi Mataram", "passports", "52")
    series = store.early.series.make(told, who=who)
    store.early.series.make(SeriesDraft("Feri Batam", "ASDP", "ferries"), who=who)
    lines = [f"Lombok Tengah;{2026 + (at > 52)};{at if at < 53 else at - 53};{at % 7}" for at in range(1, 55)]
    file = "Kabupaten;Tahun;Minggu ke;Jumlah\n" + "\n".join(lines)
    done = store.early.series_imports.upload(series, file.encode(), who=who)
    store.early.series_imports.carry_out(done, who=who)
    again = "\nMelati;PLBN Contoh;2026;9;4\nSekar;52.02;2026;9;x\nMelati;52.02;2026;8;9\n"
    again = f"Nama;{file.splitlines()[0]}{again}"
    draft = store.early.series_imports.upload(series, again.encode(), who=who)
    store.early.series_watch.judge_due()
    pages = (f"/data-lain/{series + 2}", f"/data-lain/{series}", f"/data-lain/{series}/berkas")
    return ("/data-lain", "/data-lain/baru", *pages, *(f"/data-lain/impor/{one}" for one in (done, draft)))


def of_gaps(region: Region) -> tuple[str, ...]:
    """Let two questions wait, one of them answered."""
    store = region.hub.store
    for counter, text in enumerate(("apa boleh cuti di hongkong", "berapa harga tiket kapal")):
        place = EnvelopeId(bytes(8), Lane.REPORT, counter)
        store.writer.run(partial(store.gaps.add, place, 1, Question(text), "http", region.clock.wall_s()))
    answer = GapAnswer("Tiket kapal", ("Tanya di loket.",), ("harga tiket",), "Pelni, jadwal", "2026-11")
    store.gaps.answer(2, answer, who=SignedIn("ketut", "administrator"))
    return ("/celah", "/celah?keadaan=answered", "/celah/1", "/celah/2")


def of_fleet(region: Region) -> tuple[str, ...]:
    """Let the box of a village tell that its card is nearly full and its power too low."""
    boxes, now = region.hub.store.fleet.boxes, region.clock.wall_s()
    boxes.settle()
    flags = BeaconFlag.POWER_LOW_NOW | BeaconFlag.DATABASE_DAMAGED
    told = Beacon(ClockTrust.HUB, DiskFree.NEARLY_FULL, QueueAge.WEEK, RadioGrade.GOOD, flags, 9, 97, 61)
    region.hub.store.writer.run(lambda: boxes.hear(1, told, now))
    boxes.settle()
    fleet, public = region.hub.store.fleet, region.hub.store.identity.static.public
    silent = Node.update(static_public=public).where((Node.number == 1) & Node.static_public.is_null())
    region.hub.store.writer.run(lambda: silent.execute(region.hub.store.database))
    bad = written({BoxSetting.HUB_URL: "https://hub.example", BoxSetting.GATEWAY: 0}, 72)
    number = fleet.rollouts.begin("settings", bad, Choice(first=1), "Alamat baru", who=KETUT)
    [one, *_] = fleet.rollouts.one(number, who=KETUT).boxes
    refs = FleetSettingsSent.select(FleetSettingsSent.ref).tuples().execute(region.hub.store.database)
    generation, serial = map(int, list(refs)[0][0].split("."))
    held = SettingsHeld(SettingsState.WENT_BACK, generation, serial)
    region.hub.store.writer.run(lambda: fleet.hear_settings(one.box.node, held, now))
    update = UpdateHeld((0, 1, 0), NO_VERSION, (0, 2, 0), UpdateTrouble.CRASHED)
    region.hub.store.writer.run(lambda: region.hub.store.fleet.hear_update(1, update, now))
    boxes.settle()
    plan = Wish("SG_923", "LongFast", None, None, "serial", 3).plan(bytes(32), Band())
    for area in ("", VILLAGE[:5]):
        region.hub.store.radio_plans.set(area, plan, band=Band(), by=KETUT)
    return (
        f"/pendaftaran/radio?wilayah={VILLAGE[:5]}",
        "/armada",
        "/armada/penyebaran",
        "/armada/penyebaran/setelan",
        f"/armada/penyebaran/{number}",
    )


def all_pages(region: Region) -> dict[str, tuple[str, ...]]:
    """Fill a hub and return the addresses of all of its pages, by the account that looks at them."""
    Officer(region, "ketut", "administrator")
    Officer(region, "auni", "auditor")
    Officer(region, "sari", "analyst")
    Officer(region, "budi", "supervisor")
    of_ketut = (*of_analysts(region), *OF_ADMINISTRATOR)
    imports = tuple(path for path, _ in of_imports(region))
    region.hub.store.audit.sign_head()
    series = of_series(region)
    villages = ("/desa/1", "/desa/1/kotak", "/desa/1/sesi", "/desa/1/penyuluhan?minggu=104")
    pictures = ("/peta", "/mingguan", "/dinding", "/alur", "/alur?umum=1")
    time_lines = tuple(f"{path}/garis-waktu" for path in of_ketut if re.fullmatch(r"/reports/[^/?]+", path))
    notices = region.hub.store.notices
    until = notices.today() + datetime.timedelta(days=9)
    nodes = tuple(choice.node for choice in notices.choices())
    notices.write(NoticeDraft(NoticeKind.BULLETIN, 2, True, until, "Waspada.", nodes), by="ketut")
    bulletins = tuple(of_bulletins(region))
    weekly = region.hub.store.weekly.reports
    week = week_of(region.clock.wall_s(), region.hub.store.week_counts.zone) - 7
    for again in (False, True):
        weekly.make(week, again=again)
    page = f"/laporan-mingguan/{name_of(week)}"
    return {
        "ketut": (
            *of_ketut,
            *("/laporan-mingguan", page, f"{page}?versi=1", f"{page}/umum"),
            *imports,
            *series,
            *villages,
            *pictures,
            *time_lines,
            "/pengumuman/1",
            *of_gaps(region),
            *of_fleet(region),
            *bulletins,
        ),
        "auni": OF_AUDITOR,
        "budi": (*OF_SUPERVISOR, "/buletin/2"),
        AGENCY.name: ("/rujukan-saya", "/rujukan-saya/2027-0001.1", "/akun-saya"),
    }


def of_bulletins(region: Region) -> Iterator[str]:
    """Send a bulletin and leave another one waiting, with an agency that is told; yield what to look at."""
    store, sari = region.hub.store, SignedIn("sari", "analyst")
    village = store.notices.choices()[0].village
    for number in range(12):
        store.subscriptions.kept.begin("telegram", f"70000031{number:02}", village[:5], "id")
    store.subscriptions.kept.begin("sms", "6281200003141", village, "id")
    store.receivers.add("Polres Contoh", "webhook", "https://polres.example/cap", "", who=KETUT)
    store.receivers.add("BP3MI Contoh", "mail", "piket@bp3mi.example", "", who=KETUT)
    until = store.bulletins.today() + datetime.timedelta(days=9)
    text = "Waspada tawaran kerja yang menyuruh berangkat cepat."
    draft = BulletinDraft("Actual", "offer", 2, "Likely", village, until, True, text, "Beware.", signal=7)
    for approved in (True, False):
        number = store.bulletins.save(None, draft, who=sari)
        store.bulletins.submit(number, who=sari)
        if approved:
            seen = store.bulletins.view(number, who=BUDI, first=0, limit=1).seen
            store.bulletins.approve(number, seen, who=BUDI)
            draft = replace(draft, replaces=number)
    number = store.bulletins.save(None, replace(draft, text="", area=""), who=KETUT)
    for one in store.subscriptions.sending.take("telegram", 12):
        store.subscriptions.sending.outcome(one.id, "sent" if one.id % 2 else "network")
    yield "/langganan"
    yield from ("/buletin", "/buletin/tulis", "/buletin/1", "/buletin/tulis?ganti=1", "/buletin/penerima")
    yield from (f"/buletin/{number}", f"/buletin/{number}/ubah")


def as_account(region: Region, name: str, path: str) -> str:
    client = region.hub.create_app().test_client()
    with client.session_transaction() as session:
        session["id"] = region.hub.store.accounts.begin_session(name)
    return client.get(path, buffered=True).text
