"""Evidence of linking in Indonesian words: what agrees or not between two reports, and how much it weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hub.linking.linking import RARE_NAME
from hub.linking.names import fold_name
from hub.linking.scoring import Piece
from hub.links.weighing import Kind
from hub.web.report_words import COUNTRY_WORDS, JOB_WORDS, KIND_WORDS, in_words
from sync.areas.table import area_names
from sync.records import Recruiter, Report

KIND_OF_LINK: Final[Mapping[Kind, str]] = MappingProxyType(
    {"recruiter": "perekrut yang sama", "event": "peristiwa yang sama"}
)
PIECE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "phone": "nomor telepon",
        "account": "akun media sosial",
        "plate": "pelat kendaraan",
        "company": "perusahaan",
        "name": "nama",
        "title": "sebutan",
        "place": "tempat",
        "destination": "negara tujuan",
        "job": "pekerjaan",
        "date": "tanggal",
        "recruiter": "perekrut",
        "kind": "jenis laporan",
        "sum": "jumlah uang",
        "people": "jumlah orang",
        "narrative": "isi cerita",
        "names told": "nama orang lain",
    }
)
"""Kinds of evidence, as `hub.linking.scoring` names them."""

_LEVELS: Final = {2: "satu provinsi", 5: "satu kabupaten atau kota", 8: "satu kecamatan", 13: "satu desa"}


def in_indonesian(piece: Piece, *reports: Report) -> str:
    """Return what one piece of evidence says; in English words where a later version made it.

    Names are shown as the reports write them, where they do: evidence holds them in one spelling.
    """
    say = _SAY.get((piece.kind, piece.how))
    if say is None:
        return piece.says
    about = piece.about
    if piece.kind in _NAMED:
        about = tuple(_as_written(name, reports) for name in about)
    return say(about, piece.bits)


_NAMED: Final = ("name", "names told")
_WORD = re.compile(r"[^\W\d_]+")


def _as_written(name: str, reports: tuple[Report, ...]) -> str:
    for report in reports:
        recruiter = report.recruiter or Recruiter()
        texts = (recruiter.name, recruiter.alias, recruiter.social, report.narrative)
        written = {fold_name(word): word for text in texts if text for word in reversed(_WORD.findall(text))}
        words = [written.get(word) for word in name.split()]
        if all(words):
            return " ".join(word for word in words if word)
    return name


def weight_in_words(bits: float) -> str:
    """Return how much a piece weighs, such as "sangat kuat (+22,0)"."""
    steps = ((12.0, "sangat kuat"), (6.0, "kuat"), (3.0, "sedang"), (0.0, "lemah"))
    word = next(word for least, word in steps if abs(bits) >= least)
    against = " melawan" if bits < 0 else ""
    return f"{word}{against} ({bits:+.1f})".replace(".", ",").replace("-", "\u2212")


def spoken(phone: str) -> str:
    """Return an E.164 number as people in Indonesia write it: 0812-0000-1234."""
    if phone.startswith("+62"):
        digits = "0" + phone[3:]
        return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)
    return phone


def place_in_words(code: str) -> str:
    """Return the name of an area and its code."""
    name = area_names().name_of(code)
    return f"{name.title()}, {code}" if name else code


_About = tuple[str, ...]
_Say = Callable[[_About, float], str]


def _always(words: str) -> _Say:
    return lambda about, bits: words


def _names(about: _About, bits: float) -> str:
    rare = " (jarang)" if bits >= RARE_NAME else ""
    one, other = (_titled(name) for name in about)
    return f"nama sama{rare}: {one}" if one == other else f"nama serupa{rare}: {one} dan {other}"


def _titled(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split()) or "tanpa nama"


def _company(about: _About, bits: float) -> str:
    return f"perusahaan serupa: {' dan '.join(_titled(name) for name in about)}"


def _abroad(countries: _About) -> _About:
    """Return countries without Indonesia, which most stories name, if there is another."""
    return tuple(code for code in countries if code != "ID") or countries


def _rupiah(about: _About, bits: float) -> str:
    return f"keduanya menyebut Rp{int(about[0]):,}".replace(",", ".")


def _days(about: _About, bits: float) -> str:
    return "pada hari yang sama" if about[0] == "0" else f"selisih {about[0]} hari"


def _area(about: _About, bits: float) -> str:
    level = _LEVELS.get(len(about[0]), "satu wilayah")
    return f"{level}: {place_in_words(about[0])}"


_SAY: Final[Mapping[tuple[str, str], _Say]] = MappingProxyType(
    {
        ("phone", "same"): lambda about, _: f"nomor telepon sama: {spoken(about[0])}",
        ("phone", "same long ago"): lambda about, _: (
            f"nomor telepon sama, tetapi berselang tahunan: {spoken(about[0])}"
        ),
        ("phone", "tail"): lambda about, _: f"akhir nomor telepon sama: {about[0]} ({spoken(about[1])})",
        ("phone", "slip"): lambda about, _: (
            f"nomor telepon berbeda satu angka: {spoken(about[0])} dan {spoken(about[1])}"
        ),
        ("account", "same"): lambda about, _: f"akun sama: {about[0]}",
        ("account", "like"): lambda about, _: f"akun serupa: {about[0]}",
        ("plate", "same"): lambda about, _: f"pelat kendaraan sama: {about[0]}",
        ("company", "same"): lambda about, _: f"perusahaan sama: {_titled(about[0])}",
        ("company", "like"): _company,
        ("name", "agree"): _names,
        ("name", "differ"): lambda about, _: f"nama berbeda: {_titled(about[0])} dan {_titled(about[1])}",
        ("name", "in account"): lambda about, _: f"nama akun memuat nama: {_titled(about[0])}",
        ("title", "same"): _always("sebutan yang sama"),
        ("title", "differ"): _always("sebutan perempuan di sini, sebutan laki-laki di sana"),
        ("place", "same"): _area,
        ("place", "differ"): _always("provinsi berbeda"),
        ("destination", "same"): lambda about, _: (
            f"tujuan sama: {', '.join(in_words(COUNTRY_WORDS, c) for c in _abroad(about))}"
        ),
        ("destination", "differ"): _always("negara tujuan berbeda"),
        ("job", "same"): lambda about, _: (
            f"pekerjaan sama: {', '.join(in_words(JOB_WORDS, code) for code in about)}"
        ),
        ("job", "differ"): _always("pekerjaan berbeda"),
        ("date", "near"): _days,
        ("date", "far"): _days,
        ("recruiter", "same"): _always("perekrutnya mungkin sama"),
        ("recruiter", "differ"): _always("perekrutnya berbeda"),
        ("kind", "same"): lambda about, _: f"jenis laporan sama: {in_words(KIND_WORDS, about[0])}",
        ("kind", "differ"): lambda about, _: (
            f"jenis laporan berbeda: {' dan '.join(in_words(KIND_WORDS, kind) for kind in about)}"
        ),
        ("sum", "same"): _rupiah,
        ("people", "same"): lambda about, _: f"keduanya menyebut {about[0]} orang",
        ("people", "as many"): _always("jumlah orangnya sama"),
        ("people", "nearly"): _always("jumlah orangnya hampir sama"),
        ("narrative", "same"): lambda about, _: f"cerita memakai kata yang sama: {', '.join(about)}",
        ("names told", "same"): lambda about, _: (
            f"keduanya menyebut {', '.join(_titled(name) for name in about)}"
        ),
    }
)
