"""Every field of the contract has words, and every value that was said is shown."""

from __future__ import annotations

import html
import re

from hub.web.report_words import (
    _FIELDS,
    CHANNEL_WORDS,
    COUNTRY_WORDS,
    GROUP_WORDS,
    JOB_WORDS,
    KIND_WORDS,
    NOT_SAID,
    RELATION_WORDS,
    SHOWN_APART,
    URGENCY_SHORT,
    URGENCY_WORDS,
    in_words,
    indicator_groups,
    report_sections,
)
from sync.records import (
    CHANNELS,
    FIELDS,
    INDICATORS,
    JOBS,
    KINDS,
    RELATIONS,
    SECTIONS,
    URGENCIES,
    check_report,
)

WHOLE = {
    "kind": "departure",
    "narrative": "Berangkat malam",
    "language": "sas",
    "channel": "paper",
    "urgency": "now",
    "observed_on": "2026-05-04",
    "place": "52.02.08.2001",
    "place_text": "dermaga lama",
    "position": {"lat_e5": -858321, "lon_e5": 11610000},
    "indicators": ["secrecy", "no_contract", "contact_lost"],
    "recruiter": {
        "name": "Mamiq Jaya",
        "alias": "Pak Haji",
        "phone": "0821 0000 2002",
        "company": "PT Maju",
        "social": "fb:lowongan.malaysia",
        "vehicle_plate": "DR 1234 AB",
        "licence_shown": False,
    },
    "offer": {
        "destination": "MY",
        "job": "plantation",
        "wage_idr": 25000000,
        "fee_idr": 0,
        "departure_on": "2026-05-06",
        "route": "Batam lalu kapal",
    },
    "people": {"women": 2, "men": 0, "children": 1},
    "reporter": {
        "relation": "neighbour",
        "contact": "warung Inaq",
        "refer": True,
        "contact_safely": "setelah magrib",
    },
    "official_involved": False,
}


def lines_of(data: object) -> dict[str, str]:
    sections = report_sections(check_report(data))
    plain = {
        line.label: html.unescape(re.sub("<[^>]*>", "", line.value))
        for section in sections
        for line in section.lines
    }
    assert len(plain) == sum(len(section.lines) for section in sections), "two fields have one label"
    return plain


def test_every_field_of_the_contract_has_its_place_on_the_page() -> None:
    leaves = {path for path in FIELDS if path not in SECTIONS}
    assert set(_FIELDS) | set(SHOWN_APART) == leaves


def test_every_choice_has_words() -> None:
    assert set(KIND_WORDS) == set(KINDS)
    assert set(URGENCY_WORDS) == set(URGENCY_SHORT) == set(URGENCIES)
    assert set(CHANNEL_WORDS) == set(CHANNELS)
    assert set(JOB_WORDS) == set(JOBS)
    assert set(RELATION_WORDS) == set(RELATIONS)
    assert set(GROUP_WORDS) == {indicator.group for indicator in INDICATORS}


def test_a_whole_report_is_shown_whole() -> None:
    assert lines_of(WHOLE) == {
        "Jenis laporan": "Rencana keberangkatan",
        "Urgensi": "Mendesak: ada bahaya sekarang, atau berangkat dalam 48 jam",
        "Tanggal kejadian": "Senin, 4 Mei 2026",
        "Kode wilayah kejadian": "52.02.08.2001",
        "Tempat kejadian": "dermaga lama",
        "Lintang": "-8.58321°",
        "Bujur": "116.10000°",
        "Perangkat desa disebut terlibat": "tidak",
        "Nama": "Mamiq Jaya",
        "Nama lain": "Pak Haji",
        "Telepon": "0821 0000 2002",
        "Perusahaan": "PT Maju",
        "Media sosial": "fb:lowongan.malaysia",
        "Pelat kendaraan": "DR 1234 AB",
        "Menunjukkan izin (SIP3MI)": "tidak",
        "Negara tujuan": "Malaysia (MY)",
        "Pekerjaan": "perkebunan",
        "Upah sebulan yang dijanjikan": "Rp25.000.000",
        "Uang yang diminta": "Rp0",
        "Tanggal berangkat": "Rabu, 6 Mei 2026",
        "Rute": "Batam lalu kapal",
        "Perempuan": "2 orang",
        "Laki-laki": "0 orang",
        "Anak": "1 orang",
        "Hubungan dengan korban": "tetangga",
        "Kontak": "warung Inaq",
        "Cara menghubungi dengan aman": "setelah magrib",
        "Boleh diteruskan ke lembaga bantuan": "ya",
        "Melapor lewat": "formulir kertas",
        "Bahasa laporan": "bahasa Sasak (sas)",
    }


def test_what_was_not_said_is_left_out_unless_its_absence_matters() -> None:
    assert lines_of({"kind": "other", "narrative": "x"}) == {
        "Jenis laporan": "Lain-lain",
        "Urgensi": NOT_SAID,
        "Tanggal kejadian": NOT_SAID,
        "Kontak": NOT_SAID,
        "Cara menghubungi dengan aman": NOT_SAID,
        "Boleh diteruskan ke lembaga bantuan": "tidak disebut: tanyakan dulu sebelum meneruskan",
    }


def test_a_refusal_to_pass_on_is_never_read_as_silence() -> None:
    lines = lines_of({"kind": "other", "narrative": "x", "reporter": {"refer": False}})
    assert lines["Boleh diteruskan ke lembaga bantuan"] == "tidak: jangan diteruskan"


def test_text_sent_empty_is_told_apart_from_text_not_sent() -> None:
    lines = lines_of({"kind": "other", "narrative": "x", "recruiter": {"name": ""}})
    assert lines["Nama"] == "(dikirim kosong)"


def test_ticked_signs_come_by_group_in_the_order_of_the_contract() -> None:
    groups = indicator_groups(check_report(WHOLE))
    assert [(group.title, [sign.code for sign in group.indicators]) for group in groups] == [
        ("Perbuatan", ["no_contract"]),
        ("Cara", ["secrecy"]),
        ("Tujuan (eksploitasi)", ["contact_lost"]),
    ]


def test_a_country_without_words_shows_its_code() -> None:
    assert "ZW" not in COUNTRY_WORDS
    lines = lines_of({"kind": "other", "narrative": "x", "offer": {"destination": "ZW"}})
    assert lines["Negara tujuan"] == "ZW"


def test_a_code_of_a_later_version_is_shown_as_it_is() -> None:
    assert in_words(KIND_WORDS, "bribery") == "bribery"
