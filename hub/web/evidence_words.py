"""Evidence of linking in words: what agrees or not between two reports, and how much it weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from hub.languages import N_, counted, figures, joined, translate
from hub.linking.linking import RARE_NAME
from hub.linking.names import fold_name
from hub.linking.scoring import Piece
from hub.links.weighing import Kind
from hub.web.report_words import COUNTRY_WORDS, JOB_WORDS, KIND_WORDS, in_words
from sync.areas.table import area_names
from sync.records import Recruiter, Report

KIND_OF_LINK: Final[Mapping[Kind, str]] = MappingProxyType(
    {"recruiter": N_("perekrut yang sama"), "event": N_("peristiwa yang sama")}
)
PIECE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "phone": N_("nomor telepon"),
        "account": N_("akun media sosial"),
        "plate": N_("pelat kendaraan"),
        "company": N_("perusahaan"),
        "name": N_("nama"),
        "title": N_("sebutan"),
        "place": N_("tempat"),
        "destination": N_("negara tujuan"),
        "job": N_("pekerjaan"),
        "date": N_("tanggal"),
        "recruiter": N_("perekrut"),
        "kind": N_("jenis laporan"),
        "sum": N_("jumlah uang"),
        "people": N_("jumlah orang"),
        "narrative": N_("isi cerita"),
        "names told": N_("nama orang lain"),
    }
)
"""Kinds of evidence, as `hub.linking.scoring` names them."""

_LEVELS: Final = {
    2: N_("satu provinsi"),
    5: N_("satu kabupaten atau kota"),
    8: N_("satu kecamatan"),
    13: N_("satu desa"),
}


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
    steps = ((12.0, N_("sangat kuat")), (6.0, N_("kuat")), (3.0, N_("sedang")), (0.0, N_("lemah")))
    word = next(word for least, word in steps if abs(bits) >= least)
    against = N_(" melawan") if bits < 0 else ""
    return f"{word}{against} ({figures(f'{bits:+.1f}')})".replace("-", "\u2212")


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
    rare = N_(" (jarang)") if bits >= RARE_NAME else ""
    one, other = (_titled(name) for name in about)
    return (
        N_("nama sama%(rare)s: %(one)s", rare=rare, one=one)
        if one == other
        else N_("nama serupa%(rare)s: %(one)s dan %(other)s", rare=rare, one=one, other=other)
    )


def _titled(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split()) or N_("tanpa nama")


def _and(texts: Iterable[str]) -> str:
    return joined(translate(N_(" dan ")), texts)


def _company(about: _About, bits: float) -> str:
    return N_("perusahaan serupa: %(both)s", both=_and(_titled(name) for name in about))


def _abroad(countries: _About) -> _About:
    """Return countries without Indonesia, which most stories name, if there is another."""
    return tuple(code for code in countries if code != "ID") or countries


def _rupiah(about: _About, bits: float) -> str:
    return N_("keduanya menyebut Rp%(sum)s", sum=figures(int(about[0])))


def _days(about: _About, bits: float) -> str:
    return N_("pada hari yang sama") if about[0] == "0" else counted("selisih %(count)s hari", int(about[0]))


def _area(about: _About, bits: float) -> str:
    level = _LEVELS.get(len(about[0]), N_("satu wilayah"))
    return f"{level}: {place_in_words(about[0])}"


_SAY: Final[Mapping[tuple[str, str], _Say]] = MappingProxyType(
    {
        ("phone", "same"): lambda about, _: N_("nomor telepon sama: %(spoken)s", spoken=spoken(about[0])),
        ("phone", "same long ago"): lambda about, _: N_(
            "nomor telepon sama, tetapi berselang tahunan: %(spoken)s", spoken=spoken(about[0])
        ),
        ("phone", "tail"): lambda about, _: N_(
            "akhir nomor telepon sama: %(about)s (%(spoken)s)", about=about[0], spoken=spoken(about[1])
        ),
        ("phone", "slip"): lambda about, _: N_(
            "nomor telepon berbeda satu angka: %(spoken)s dan %(spoken2)s",
            spoken=spoken(about[0]),
            spoken2=spoken(about[1]),
        ),
        ("account", "same"): lambda about, _: N_("akun sama: %(about)s", about=about[0]),
        ("account", "like"): lambda about, _: N_("akun serupa: %(about)s", about=about[0]),
        ("plate", "same"): lambda about, _: N_("pelat kendaraan sama: %(about)s", about=about[0]),
        ("company", "same"): lambda about, _: N_("perusahaan sama: %(titled)s", titled=_titled(about[0])),
        ("company", "like"): _company,
        ("name", "agree"): _names,
        ("name", "differ"): lambda about, _: N_(
            "nama berbeda: %(titled)s dan %(titled2)s", titled=_titled(about[0]), titled2=_titled(about[1])
        ),
        ("name", "in account"): lambda about, _: N_(
            "nama akun memuat nama: %(titled)s", titled=_titled(about[0])
        ),
        ("title", "same"): _always(N_("sebutan yang sama")),
        ("title", "differ"): _always(N_("sebutan perempuan di sini, sebutan laki-laki di sana")),
        ("place", "same"): _area,
        ("place", "differ"): _always(N_("provinsi berbeda")),
        ("destination", "same"): lambda about, _: N_(
            "tujuan sama: %(join)s", join=joined(", ", (in_words(COUNTRY_WORDS, c) for c in _abroad(about)))
        ),
        ("destination", "differ"): _always(N_("negara tujuan berbeda")),
        ("job", "same"): lambda about, _: N_(
            "pekerjaan sama: %(join)s", join=joined(", ", (in_words(JOB_WORDS, code) for code in about))
        ),
        ("job", "differ"): _always(N_("pekerjaan berbeda")),
        ("date", "near"): _days,
        ("date", "far"): _days,
        ("recruiter", "same"): _always(N_("perekrutnya mungkin sama")),
        ("recruiter", "differ"): _always(N_("perekrutnya berbeda")),
        ("kind", "same"): lambda about, _: N_(
            "jenis laporan sama: %(in_words)s", in_words=in_words(KIND_WORDS, about[0])
        ),
        ("kind", "differ"): lambda about, _: N_(
            "jenis laporan berbeda: %(join)s", join=_and(in_words(KIND_WORDS, kind) for kind in about)
        ),
        ("sum", "same"): _rupiah,
        ("people", "same"): lambda about, _: counted("keduanya menyebut %(count)s orang", int(about[0])),
        ("people", "as many"): _always(N_("jumlah orangnya sama")),
        ("people", "nearly"): _always(N_("jumlah orangnya hampir sama")),
        ("narrative", "same"): lambda about, _: N_(
            "cerita memakai kata yang sama: %(join)s", join=", ".join(about)
        ),
        ("names told", "same"): lambda about, _: N_(
            "keduanya menyebut %(join)s", join=joined(", ", (_titled(name) for name in about))
        ),
    }
)
