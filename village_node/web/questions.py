"""The questions of the report form, in the order they are asked.

One `Question` stands for one field of the report, and its `field` is both the name of the input and
the dotted path in the report. The page is drawn from this list, the answers are read with it and the
errors are placed by it, so that a page for each question can be made from the same list.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sync.records import INDICATORS


class Answer(enum.Enum):
    """How a question is answered; the template has one macro for each."""

    STORY = "story"
    TEXT = "text"
    RADIO = "radio"
    SELECT = "select"
    CHECKBOXES = "checkboxes"
    DATE = "date"
    COUNT = "count"
    RUPIAH = "rupiah"
    YES_NO = "yes_no"
    AREA = "area"


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked; an empty `value` means "not said"."""

    value: str
    label: str
    icon: str = ""
    """Name of a drawing in `icons`; choices that have one are drawn as large buttons."""


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices under one heading."""

    heading: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Question:
    """One question and the field that its answer goes to."""

    field: str
    label: str
    answer: Answer
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    groups: tuple[ChoiceGroup, ...] = ()
    other: str = ""
    """Label of a text input for an answer that is not among the choices; empty when there is none."""
    keyboard: str = "text"
    """Which keys a phone shows: `text`, `tel` or `numeric`."""

    @property
    def anchor(self) -> str:
        """The id of the first input, which links in the error summary lead to."""
        return self.field.replace(".", "-")

    @property
    def other_field(self) -> str:
        """The name of the text input beside the choices."""
        return f"{self.field}.other"

    @property
    def tiles(self) -> tuple[Choice, ...]:
        """The choices as large buttons, one tap for an answer; empty when it is answered otherwise."""
        if self.answer is Answer.YES_NO:
            return YES_NO_CHOICES
        return self.choices if self.choices and self.choices[0].icon else ()


NOT_SAID = "Tidak tahu"

KIND_CHOICES = (
    Choice("recruiter", "Perekrut atau ajakan kerja yang mencurigakan", "recruiter"),
    Choice("departure", "Ada yang akan berangkat, atau sudah diberangkatkan", "departure"),
    Choice("victim", "Ada yang dipaksa, ditipu atau disakiti", "victim"),
    Choice("missing", "Ada yang hilang kontak", "missing"),
    Choice("document", "Surat atau dokumen palsu, atau ditahan", "document"),
    Choice("other", "Hal lain", "other"),
)
URGENCY_CHOICES = (
    Choice("now", "Sekarang: ada bahaya, atau berangkat dalam 2 hari", "now"),
    Choice("soon", "Kira-kira dalam sebulan ini", "calendar"),
    Choice("info", "Belum ada tanggal", "nodate"),
    Choice("", NOT_SAID, "unknown"),
)
YES_NO_CHOICES = (
    Choice("yes", "Ya", "yes"),
    Choice("no", "Tidak", "no"),
    Choice("", NOT_SAID, "unknown"),
)
JOB_CHOICES = (
    Choice("domestic", "Pekerja rumah tangga", "domestic"),
    Choice("caregiver", "Perawat orang tua atau anak", "caregiver"),
    Choice("plantation", "Kebun", "plantation"),
    Choice("construction", "Bangunan", "construction"),
    Choice("factory", "Pabrik", "factory"),
    Choice("fishing", "Kapal ikan", "fishing"),
    Choice("hospitality", "Hotel, rumah makan, spa", "hospitality"),
    Choice("online", "Kerja komputer atau online", "online"),
    Choice("entertainment", "Hiburan, karaoke", "entertainment"),
    Choice("driver", "Sopir", "driver"),
    Choice("marriage", "Menikah", "marriage"),
    Choice("other", "Kerja lain", "other"),
    Choice("", NOT_SAID, "unknown"),
)
RELATION_CHOICES = (
    Choice("self", "Saya sendiri yang mengalami", "you"),
    Choice("family", "Keluarga", "domestic"),
    Choice("neighbour", "Tetangga atau teman", "people"),
    Choice("official", "Perangkat desa atau petugas", "document"),
    Choice("facilitator", "Fasilitator desa", "check"),
    Choice("other", "Lainnya", "other"),
    Choice("", "Tidak mau menjawab", "unknown"),
)
DESTINATION_CHOICES = (
    Choice("MY", "Malaysia"),
    Choice("SA", "Arab Saudi"),
    Choice("TW", "Taiwan"),
    Choice("HK", "Hong Kong"),
    Choice("SG", "Singapura"),
    Choice("KH", "Kamboja"),
    Choice("MM", "Myanmar"),
    Choice("TH", "Thailand"),
    Choice("LA", "Laos"),
    Choice("PH", "Filipina"),
    Choice("VN", "Vietnam"),
    Choice("BN", "Brunei"),
    Choice("KR", "Korea Selatan"),
    Choice("JP", "Jepang"),
    Choice("CN", "Tiongkok"),
    Choice("MO", "Makau"),
    Choice("AE", "Uni Emirat Arab (Dubai)"),
    Choice("QA", "Qatar"),
    Choice("KW", "Kuwait"),
    Choice("BH", "Bahrain"),
    Choice("OM", "Oman"),
    Choice("JO", "Yordania"),
    Choice("IQ", "Irak"),
    Choice("SY", "Suriah"),
    Choice("EG", "Mesir"),
    Choice("LY", "Libya"),
    Choice("TR", "Turki"),
    Choice("PL", "Polandia"),
    Choice("IT", "Italia"),
    Choice("DE", "Jerman"),
    Choice("AU", "Australia"),
    Choice("NZ", "Selandia Baru"),
    Choice("US", "Amerika Serikat"),
    Choice("CA", "Kanada"),
    Choice("ID", "Masih di Indonesia"),
)
LANGUAGE_CHOICES = (
    Choice("id", "Indonesia"),
    Choice("jv", "Jawa"),
    Choice("su", "Sunda"),
    Choice("sas", "Sasak"),
    Choice("mad", "Madura"),
    Choice("ban", "Bali"),
    Choice("bug", "Bugis"),
    Choice("en", "Inggris"),
)
OTHER_LANGUAGES = {
    "aceh": "ace", "banjar": "bjn", "batak": "btk", "betawi": "bew", "bima": "bhp", "cirebon": "jv",
    "dayak": "day", "gayo": "gay", "gorontalo": "gor", "kupang": "mkn", "lampung": "ljp", "makassar": "mak",
    "mandar": "mdr", "manggarai": "mqy", "melayu": "ms", "minang": "min", "minangkabau": "min", "nias": "nia",
    "osing": "osi", "palembang": "mui", "rejang": "rej", "sumba": "xbr", "sumbawa": "smw", "tetun": "tet",
    "toraja": "sda",
}  # fmt: skip
"""Names as people write them -> tag. Any other name travels as it was written."""

_GROUP_HEADINGS = {
    "act": "Cara mengajak dan memberangkatkan",
    "means": "Tipuan dan paksaan",
    "purpose": "Yang terjadi di tempat kerja atau tujuan",
}
INDICATOR_GROUPS = tuple(
    ChoiceGroup(heading, tuple(Choice(i.code, i.id) for i in INDICATORS if i.group == group))
    for group, heading in _GROUP_HEADINGS.items()
)

_ASKED = (
    Question("kind", "Tentang apa laporan ini?", Answer.RADIO, "Pilih satu.", KIND_CHOICES),
    Question(
        "narrative",
        "Ceritakan apa yang terjadi",
        Answer.STORY,
        "Pakai bahasa sehari-hari, bahasa daerah juga boleh. Siapa, di mana, kapan, mau ke mana. "
        "Paling banyak 4.000 huruf.",
    ),
    Question(
        "urgency",
        "Seberapa mendesak?",
        Answer.RADIO,
        "Kalau ada bahaya sekarang, telepon 110 juga.",
        URGENCY_CHOICES,
    ),
    Question(
        "official_involved",
        "Apakah ada perangkat desa yang ikut terlibat?",
        Answer.YES_NO,
        "Orang di desa tidak bisa melihat jawaban ini.",
    ),
    Question("observed_on", "Tanggal kejadian", Answer.DATE, "Contoh: 20-11-2026"),
    Question("place_text", "Tempat kejadian", Answer.TEXT, "Contoh: dekat pasar, dusun, pelabuhan"),
    Question(
        "place",
        "Di mana kejadiannya?",
        Answer.AREA,
        "Contoh: 52.02.08.2001",
    ),
    Question(
        "indicators",
        "Apa saja yang Anda lihat atau dengar?",
        Answer.CHECKBOXES,
        "Boleh pilih banyak.",
        groups=INDICATOR_GROUPS,
    ),
    Question("recruiter.name", "Nama orang itu", Answer.TEXT),
    Question("recruiter.alias", "Nama panggilannya", Answer.TEXT),
    Question("recruiter.phone", "Nomor HP orang itu", Answer.TEXT, keyboard="tel"),
    Question("recruiter.company", "Nama perusahaan (PT)", Answer.TEXT),
    Question("recruiter.social", "Akun media sosialnya", Answer.TEXT, "Contoh: Facebook lowongan malaysia"),
    Question("recruiter.vehicle_plate", "Pelat nomor kendaraannya", Answer.TEXT, "Contoh: DR 1234 AB"),
    Question(
        "recruiter.licence_shown",
        "Apakah dia menunjukkan izin resmi (SIP3MI) atau surat tugas?",
        Answer.YES_NO,
    ),
    Question(
        "offer.destination",
        "Negara tujuan",
        Answer.SELECT,
        choices=DESTINATION_CHOICES,
        other="Negara lain (dua huruf kode, contoh: ZA). Tidak tahu? Tulis negaranya di cerita.",
    ),
    Question("offer.job", "Jenis kerja", Answer.SELECT, choices=JOB_CHOICES),
    Question(
        "offer.wage_idr",
        "Gaji sebulan yang dijanjikan (rupiah)",
        Answer.RUPIAH,
        "Contoh: 5.000.000 atau 5 juta",
    ),
    Question("offer.fee_idr", "Uang yang diminta (rupiah)", Answer.RUPIAH, "Contoh: 500 ribu"),
    Question("offer.departure_on", "Tanggal berangkat", Answer.DATE, "Contoh: 20-11-2026"),
    Question("offer.route", "Lewat mana", Answer.TEXT, "Contoh: Lombok, Batam, lalu kapal"),
    Question("people.women", "Berapa perempuan", Answer.COUNT, keyboard="numeric"),
    Question("people.men", "Berapa laki-laki", Answer.COUNT, keyboard="numeric"),
    Question("people.children", "Berapa anak di bawah 18 tahun", Answer.COUNT, keyboard="numeric"),
    Question("reporter.relation", "Anda siapa?", Answer.SELECT, choices=RELATION_CHOICES),
    Question(
        "reporter.contact",
        "Bagaimana petugas bisa menghubungi Anda?",
        Answer.TEXT,
        "Isi hanya kalau aman. Kalau kosong, jawaban tetap bisa dilihat dengan nomor tanda terima.",
    ),
    Question(
        "reporter.contact_safely",
        "Kapan dan bagaimana yang aman?",
        Answer.TEXT,
        "Contoh: lewat SMS saja, sesudah jam 8 malam",
    ),
    Question(
        "reporter.refer",
        "Boleh laporan ini diteruskan ke lembaga yang bisa menolong?",
        Answer.YES_NO,
    ),
    Question(
        "language",
        "Bahasa yang Anda pakai di cerita",
        Answer.SELECT,
        choices=LANGUAGE_CHOICES,
        other="Bahasa lain, tulis namanya. Contoh: Banjar",
    ),
)

QUESTIONS = {question.field: question for question in _ASKED}
