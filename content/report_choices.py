"""What a report's questions offer to pick, in the Indonesian words that every way in shows and translates.

The values are those of the contract of reports; `sync.records` refuses any other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked; an empty `value` means "not said"."""

    value: str
    label: str
    icon: str = ""
    """Name of a drawing of the village site; choices that have one are drawn as large buttons."""


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
