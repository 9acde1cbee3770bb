"""The questions of the report form, in the order they are asked.

One `Question` stands for one field of the report, and its `field` is both the name of the input and
the dotted path in the report. The page is drawn from this list, the answers are read with it and the
errors are placed by it, so that a page for each question can be made from the same list.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from content.report_choices import (
    DESTINATION_CHOICES,
    JOB_CHOICES,
    KIND_CHOICES,
    RELATION_CHOICES,
    URGENCY_CHOICES,
    YES_NO_CHOICES,
    Choice,
)
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
