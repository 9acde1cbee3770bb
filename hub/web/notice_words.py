"""Notices and material in Indonesian words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.languages import N_
from sync.wire.numbers import BulletinLevel, ContentTrouble, NoticeKind, OpportunityKind

KIND_WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {NoticeKind.BULLETIN: N_("Pengumuman"), NoticeKind.OPPORTUNITY: N_("Peluang resmi")}
)
LEVEL_WORDS: Final[Mapping[int, Mapping[int, str]]] = MappingProxyType(
    {
        NoticeKind.BULLETIN: {
            BulletinLevel.INFORMATION: N_("Informasi"),
            BulletinLevel.WARNING: N_("Waspada"),
            BulletinLevel.DANGER: N_("Bahaya"),
        },
        NoticeKind.OPPORTUNITY: {
            OpportunityKind.TRAINING: N_("Pelatihan"),
            OpportunityKind.JOB: N_("Lowongan kerja"),
            OpportunityKind.SCHOLARSHIP: N_("Beasiswa"),
            OpportunityKind.COOPERATIVE: N_("Koperasi"),
        },
    }
)
TROUBLE_WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {
        ContentTrouble.DAMAGED: N_("kiriman rusak di jalan, dikirim ulang"),
        ContentTrouble.REFUSED: N_("isinya tidak bisa dipakai: buat versi yang lebih tinggi"),
        ContentTrouble.CRASHED: N_("kotak gagal menyala dengannya: buat versi yang lebih tinggi"),
        ContentTrouble.BY_HAND: N_("orang di desa kembali ke versi sebelumnya: tanyakan sebabnya"),
    }
)
_NAMES: Final = re.compile(
    r"\b(?:Pak|Bapak|Bu|Ibu|Mas|Mbak|Bang|Kak|Haji|Hajah|Mamiq|Inaq|PT|CV|UD)\.?\s+(?:[A-Z][\w'-]+\s?)+"
)


def seem_to_be_names(text: str) -> tuple[str, ...]:
    """Return parts of a text that look like names of people or firms, for whoever sends it to look at."""
    return tuple(dict.fromkeys(found.strip() for found in _NAMES.findall(text)))
