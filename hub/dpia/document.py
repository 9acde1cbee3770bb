"""The sections of the assessment, out of the configuration of one hub. Pure; no data of anybody is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hub.dpia.kept import PLAIN, TABLES, Kept
from hub.dpia.rendering import Section, Table
from hub.dpia.risks import LEFT_OVER, RISKS
from hub.retention.breach_notice import UNVERIFIED
from hub.retention.periods import CATEGORIES, Periods
from hub.services import Role
from hub.web.account_words import ROLE_WORDS
from hub.web.retention_pages import CATEGORY_WORDS

UNKNOWN: Final = Kept("belum dijelaskan", "belum dijelaskan", "belum dijelaskan", PLAIN)
_TRIGGERS: Final = Table(
    ("Yang memerlukan penilaian", "Di hub ini"),
    (
        ("keputusan otomatis", "tidak ada: tiap kaitan, langkah, dan rujukan diputuskan orang"),
        ("data pribadi spesifik", "ya: anak, kesehatan, dugaan tindak pidana dapat ada dalam cerita"),
        ("skala besar", "tergantung jumlah desa"),
        ("penilaian atau pemantauan", "ya: laporan diurutkan menurut bahaya, dengan alasannya"),
        ("mencocokkan atau menggabungkan data", "ya: laporan dari banyak desa dikaitkan"),
        ("teknologi baru", "ya"),
        ("membatasi hak", "ya, kalau laporan ditahan untuk perkara"),
    ),
)


def sections_of(
    *,
    date: str,
    periods: Periods,
    demand_second_factor: Sequence[Role],
    tables: Mapping[str, tuple[str, ...]],
    routes: Sequence[tuple[str, frozenset[str]]],
) -> list[Section]:
    """Return the document. `tables` are columns by table, `routes` addresses with the roles they let in."""
    return [
        Section("Tentang dokumen ini", _about(date)),
        Section("Mengapa penilaian ini perlu", (_NEED, _TRIGGERS)),
        Section("Apa yang disimpan, milik siapa, untuk apa", (_KEPT, _kept(tables))),
        Section("Dasar pemrosesan", _BASIS),
        Section("Berapa lama", _how_long(periods)),
        Section("Siapa boleh melihat", _who(demand_second_factor, routes)),
        Section("Hak orang", _RIGHTS),
        Section("Risiko dan tindakan", (_TESTS, _risks())),
        Section("Sisa risiko", (LEFT_OVER,)),
        Section("Yang belum diperiksa", _OPEN),
    ]


def _about(date: str) -> tuple[str, ...]:
    return (
        f"Dibuat {date} dari konfigurasi hub: tabel, masa simpan, peran, dan halaman yang benar-benar ada.",
        "Dokumen ini tidak memuat data orang. Buat lagi setelah program atau konfigurasi berubah.",
        f"Yang bertanda {UNVERIFIED} belum dibandingkan dengan naskah undang-undang.",
    )


_NEED: Final = (
    "Undang-Undang 27 Tahun 2022 meminta penilaian dampak untuk pemrosesan berisiko tinggi "
    f"(Pasal 34 {UNVERIFIED})."
)
_KEPT: Final = (
    "Yang disegel tidak terbaca tanpa kunci dari tabel report_key dan rahasia di hub.key. Dalam tabel yang "
    "sebagian disegel, isi yang ditulis orang disegel; waktu, jenis, dan tempat terbuka."
)
_BASIS: Final = (
    f"Pelapor mengirim sendiri, tanpa nama kalau ia mau (persetujuan, Pasal 20 dan 22). {UNVERIFIED}: "
    "apakah tugas menurut undang-undang menjadi dasar bagi kantor ini.",
    f"Orang yang disebut tidak dimintai persetujuan. {UNVERIFIED}: dasar hukumnya dan pengecualian Pasal 15.",
    "Anak dan penyandang disabilitas perlu perlakuan khusus (Pasal 25 dan 26); cara kantor melakukannya "
    "ditulis kantor.",
    "Rujukan mencatat persetujuan atau dasar hukumnya, dan apa yang belum diperiksa darinya.",
)
_RIGHTS: Final = (
    "Melihat, memperbaiki (Pasal 30), menarik, dan pemberitahuan kebocoran (Pasal 46): masing-masing 3 x 24 "
    f"jam sejak diterima, dihitung di halaman /hak. Nomor pasal untuk melihat dan menarik {UNVERIFIED}.",
    "Penarikan dari kotak desa membuka tenggatnya sendiri. Nama peminta tidak disimpan.",
    "Orang yang salah disebut dikoreksi di halaman /koreksi; teks laporan tetap, dengan catatan.",
)
_TESTS: Final = "Tiap tindakan dijaga oleh tes program yang disebut di sini."
_OPEN: Final = (
    (
        "Lama masa simpan bawaan tidak berasal dari undang-undang.",
        "Isi pemberitahuan kebocoran dan lembaga penerimanya.",
        "Nomor pasal yang bertanda di atas.",
        "Dasar hukum tiap jenis rujukan: lihat tandanya pada rujukan.",
        "Pendapat pejabat pelindungan data pribadi kantor ini.",
    ),
)


def _kept(tables: Mapping[str, tuple[str, ...]]) -> Table:
    ordered = [name for name in TABLES if name in tables] + sorted(tables.keys() - TABLES.keys())
    rows = []
    for name in ordered:
        kept = TABLES.get(name, UNKNOWN)
        rows.append((name, kept.what, kept.whom, kept.why, kept.how, ", ".join(tables[name])))
    return Table(("Tabel", "Apa", "Milik siapa", "Untuk apa", "Di basis data", "Kolom"), tuple(rows))


def _how_long(periods: Periods) -> tuple[str | tuple[str, ...], ...]:
    days = tuple(
        f"Laporan {CATEGORY_WORDS[one]}: {periods.days(one)} hari sejak hal terakhir dikerjakan."
        for one in CATEGORIES
    )
    how = "tanpa persetujuan orang" if periods.automatic else "setelah disetujui penyelia atau administrator"
    return (
        f"Angka bawaan belum diperiksa menurut hukum {UNVERIFIED}.",
        (
            *days,
            "Laporan yang masih terbuka atau ditahan untuk perkara: tidak dihapus.",
            f"Penghapusan terjadi {how}.",
            "Kunci yang dihapus hilang juga dari salinan, begitu salinan kunci berikut dibuat.",
            "Kasus tertutup dikosongkan bersama laporan terakhirnya; rujukan bersama laporan pertamanya.",
            "Catatan akses, hitungan, dan bahwa ada laporan: untuk selamanya, tanpa isi laporan.",
        ),
    )


def _who(
    demanded: Sequence[Role], routes: Sequence[tuple[str, frozenset[str]]]
) -> tuple[str | Table | tuple[str, ...], ...]:
    second = ", ".join(ROLE_WORDS[role] for role in demanded) or "tidak ada peran"
    rows = tuple((address, _roles(roles)) for address, roles in sorted(routes))
    return (
        "Tiap akun punya satu peran dan dapat dibatasi pada wilayah. Tiap lihatan dan perubahan dicatat.",
        f"Kode masuk kedua wajib untuk: {second}.",
        Table(("Halaman", "Peran"), rows),
    )


def _roles(roles: frozenset[str]) -> str:
    if "everybody" in roles:
        return "siapa saja"
    if "token" in roles:
        return "program dengan token"
    return ", ".join(words for role, words in ROLE_WORDS.items() if role in roles) or "tidak seorang pun"


def _risks() -> Table:
    rows = tuple((one.risk, one.measure, " ".join(one.tests)) for one in RISKS)
    return Table(("Risiko", "Tindakan", "Tes"), rows)
