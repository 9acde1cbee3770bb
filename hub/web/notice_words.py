"""Notices and material in Indonesian words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sync.wire.numbers import BulletinLevel, ContentTrouble, NoticeKind, OpportunityKind

KIND_WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {NoticeKind.BULLETIN: "Pengumuman", NoticeKind.OPPORTUNITY: "Peluang resmi"}
)
LEVEL_WORDS: Final[Mapping[int, Mapping[int, str]]] = MappingProxyType(
    {
        NoticeKind.BULLETIN: {
            BulletinLevel.INFORMATION: "Informasi",
            BulletinLevel.WARNING: "Waspada",
            BulletinLevel.DANGER: "Bahaya",
        },
        NoticeKind.OPPORTUNITY: {
            OpportunityKind.TRAINING: "Pelatihan",
            OpportunityKind.JOB: "Lowongan kerja",
            OpportunityKind.SCHOLARSHIP: "Beasiswa",
            OpportunityKind.COOPERATIVE: "Koperasi",
        },
    }
)
TROUBLE_WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {
        ContentTrouble.DAMAGED: "kiriman rusak di jalan, dikirim ulang",
        ContentTrouble.REFUSED: "isinya tidak bisa dipakai: buat versi yang lebih tinggi",
        ContentTrouble.CRASHED: "kotak gagal menyala dengannya: buat versi yang lebih tinggi",
        ContentTrouble.BY_HAND: "orang di desa kembali ke versi sebelumnya: tanyakan sebabnya",
    }
)
_NAMES: Final = re.compile(
    r"\b(?:Pak|Bapak|Bu|Ibu|Mas|Mbak|Bang|Kak|Haji|Hajah|Mamiq|Inaq|PT|CV|UD)\.?\s+(?:[A-Z][\w'-]+\s?)+"
)


def seem_to_be_names(text: str) -> tuple[str, ...]:
    """Return parts of a text that look like names of people or firms, for whoever sends it to look at."""
    return tuple(dict.fromkeys(found.strip() for found in _NAMES.findall(text)))
