"""The weights of the triage score: one versioned, dated table, and where each line comes from. Pure.

The strengths are those that the ILO/EC operational indicators of 2009 give to the nearest indicator (strong
3, medium 2, weak 1); signs that stand in no list of theirs are weak. They were fixed before any
evaluation was run. A table is never changed: who wants other weights adds one with a new version, so that a
stored score says by what it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.languages import N_

STRONG, MEDIUM, WEAK = 3, 2, 1
ACT, MEANS, PURPOSE = "act", "means", "purpose"
ELEMENTS: Final = (ACT, MEANS, PURPOSE)

ILO_2012: Final = "ILO 2012, %s"
ILO_EC_2009: Final = "ILO/EC 2009, %s"
PALERMO: Final = "Palermo Protocol 2000, art. 3(%s)"


@dataclass(frozen=True)
class Weight:
    """What one sign counts: `why` says it in words, `element` which part of the definition it speaks for."""

    points: int
    element: str | None
    why: str
    source: str


@dataclass(frozen=True)
class Weights:
    """One table. `medium_from` and `high_from` are the least points of a band: guesses, until labels tell."""

    version: str
    dated: str
    signs: Mapping[str, Weight]
    medium_from: int
    high_from: int


def _of_2009(place: str, *more: str) -> str:
    return "; ".join((ILO_EC_2009 % place, *more))


_DECEPTIVE, _COERCIVE = "deceptive recruitment", "coercive recruitment"
_VULNERABLE, _EXPLOITATION = "recruitment by abuse of vulnerability", "exploitation"
_AT_DESTINATION: Final = "coercion at destination"
_OWN: Final = "UU 18/2017; weak by our own judgement, in no list of the ILO"
_TRANSPORT: Final = f"{PALERMO % 'a'}: transportation; weak by our own judgement, in no list of the ILO"

_FIRST: Final[Mapping[str, Weight]] = {
    "no_contract": Weight(
        WEAK,
        ACT,
        N_("tidak ada kontrak: isi pekerjaan tidak dapat diperiksa"),
        _of_2009(f"{_DECEPTIVE}: contract (medium when deceived; weak for its absence)"),
    ),
    "no_licence": Weight(WEAK, ACT, N_("perekrut tidak menunjukkan izin"), _OWN),
    "wrong_visa": Weight(
        MEDIUM,
        ACT,
        N_("visa bukan visa kerja: pekerja tidak dilindungi di tempat tujuan"),
        _of_2009(f"{_DECEPTIVE}: legal documentation (medium)"),
    ),
    "fake_documents": Weight(
        MEDIUM,
        ACT,
        N_("identitas, umur atau dokumen dipalsukan"),
        _of_2009(f"{_DECEPTIVE}: legal documentation (medium)", f"{PALERMO % 'a'}: fraud"),
    ),
    "child": Weight(0, ACT, N_("anak direkrut: dinilai dengan aturan, bukan dengan poin"), PALERMO % "c"),
    "fast_departure": Weight(
        WEAK,
        ACT,
        N_("berangkat cepat: tidak ada waktu bertanya dan tidak ada pelatihan"),
        _of_2009(f"{_DECEPTIVE}: travel and recruitment conditions (weak as a mere sign)"),
    ),
    "night_transport": Weight(WEAK, ACT, N_("dijemput malam atau dengan mobil tertutup"), _TRANSPORT),
    "sea_route": Weight(WEAK, ACT, N_("lewat kapal atau jalur tidak resmi"), _TRANSPORT),
    "group_transport": Weight(WEAK, ACT, N_("beberapa orang diberangkatkan bersama"), _TRANSPORT),
    "online_recruitment": Weight(
        WEAK,
        ACT,
        N_("direkrut lewat media sosial: perekrut sulit dikenali"),
        f"{PALERMO % 'a'}: recruitment; {_OWN}",
    ),
    "marriage_offer": Weight(
        MEDIUM,
        ACT,
        N_("ditawari menikah dengan orang asing"),
        _of_2009(f"{_DECEPTIVE}: promises of marriage or adoption (medium)"),
    ),
    "impersonates_official": Weight(
        MEDIUM,
        MEANS,
        N_("mengaku petugas atau perusahaan resmi"),
        _of_2009(f"{_VULNERABLE}: relationship with authorities (medium)", ILO_2012 % "2 deception"),
    ),
    "secrecy": Weight(
        WEAK,
        MEANS,
        N_("disuruh merahasiakan: keluarga dan desa tidak dapat mencegah"),
        "weak by our own judgement; " + ILO_2012 % "4 isolation",
    ),
    "upfront_fee": Weight(
        WEAK,
        MEANS,
        N_("diminta uang sebelum berangkat: awal utang"),
        "UU 18/2017 art. 30; weak by our own judgement; " + ILO_2012 % "9 debt bondage",
    ),
    "debt_bondage": Weight(
        STRONG,
        MEANS,
        N_("dijerat utang yang harus dibayar dengan bekerja"),
        _of_2009(f"{_AT_DESTINATION}: debt bondage (strong)", ILO_2012 % "9 debt bondage"),
    ),
    "cash_to_family": Weight(
        MEDIUM,
        MEANS,
        N_("keluarga diberi uang: persetujuan dibeli"),
        f"{PALERMO % 'a'}: payments to achieve consent; "
        + ILO_EC_2009 % f"{_VULNERABLE}: economic reasons (medium)",
    ),
    "documents_held": Weight(
        STRONG,
        MEANS,
        N_("dokumen ditahan orang lain: orang tidak dapat pergi"),
        _of_2009(
            f"{_AT_DESTINATION}: confiscation of documents (strong)",
            ILO_2012 % "7 retention of identity documents",
        ),
    ),
    "deception": Weight(
        STRONG,
        MEANS,
        N_("pekerjaan, gaji atau tempat tidak sesuai janji"),
        _of_2009(f"{_DECEPTIVE}: nature of the job, location or employer (strong)", ILO_2012 % "2 deception"),
    ),
    "threats": Weight(
        MEDIUM,
        MEANS,
        N_("diancam atau diintimidasi"),
        _of_2009(
            f"{_COERCIVE}: threats of violence against victim (medium)",
            ILO_2012 % "6 intimidation and threats",
        ),
    ),
    "violence": Weight(
        STRONG,
        MEANS,
        N_("kekerasan fisik atau seksual"),
        _of_2009(f"{_COERCIVE}: violence on victims (strong)", ILO_2012 % "5 physical and sexual violence"),
    ),
    "confinement": Weight(
        STRONG,
        MEANS,
        N_("dikurung atau dijaga"),
        _of_2009(
            f"{_AT_DESTINATION}: isolation, confinement or surveillance (strong)",
            ILO_2012 % "3 restriction of movement",
        ),
    ),
    "isolation": Weight(
        STRONG,
        MEANS,
        N_("HP diambil, hubungan dengan keluarga diputus"),
        _of_2009(
            f"{_AT_DESTINATION}: isolation, confinement or surveillance (strong)", ILO_2012 % "4 isolation"
        ),
    ),
    "contact_lost": Weight(
        MEDIUM,
        None,  # nothing heard: it may be exploitation, an accident or an empty battery
        N_("tidak ada kabar sejak berangkat: sebabnya belum diketahui"),
        "medium by our own judgement; " + ILO_2012 % "4 isolation",
    ),
    "wages_withheld": Weight(
        MEDIUM,
        PURPOSE,
        N_("gaji tidak dibayar atau dipotong"),
        _of_2009(f"{_AT_DESTINATION}: withholding of wages (medium)", ILO_2012 % "8 withholding of wages"),
    ),
    "excessive_overtime": Weight(
        STRONG,
        PURPOSE,
        N_("bekerja sangat lama tanpa libur"),
        _of_2009(
            f"{_EXPLOITATION}: excessive working days or hours (strong)", ILO_2012 % "11 excessive overtime"
        ),
    ),
    "abusive_conditions": Weight(
        MEDIUM,
        PURPOSE,
        N_("tempat tinggal atau kerja tidak layak"),
        _of_2009(
            f"{_EXPLOITATION}: bad living conditions (medium)",
            ILO_2012 % "10 abusive working and living conditions",
        ),
    ),
    "sexual_exploitation": Weight(
        STRONG,
        PURPOSE,
        N_("dipaksa bekerja seks atau dieksploitasi"),
        f"{PALERMO % 'a'}: sexual exploitation",
    ),
    "scam_compound": Weight(
        MEDIUM,
        PURPOSE,
        N_("dipaksa bekerja penipuan atau judi online"),
        _of_2009(f"{_AT_DESTINATION}: forced into illicit activities (medium)"),
    ),
    "organ_removal": Weight(
        STRONG, PURPOSE, N_("ditawari menjual organ"), f"{PALERMO % 'a'}: removal of organs"
    ),
    "child_adoption": Weight(
        STRONG,
        PURPOSE,
        N_("bayi atau anak dijual atau diadopsi ilegal"),
        _of_2009(
            f"{_COERCIVE}: forced adoption or selling (medium)",
            f"{PALERMO % 'c'}; strong by our own judgement",
        ),
    ),
}

FIRST: Final = Weights("2026-11", "2026-11-26", _FIRST, medium_from=3, high_from=6)
TABLES: Final[Mapping[str, Weights]] = {FIRST.version: FIRST}
"""All tables that ever made a stored score, by version."""
CHAMPION: Final = FIRST
"""The table that scores what arrives. Another is tried beside it first, and only a person switches."""
