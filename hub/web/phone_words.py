"""What phones and the page about them are told, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.languages import N_
from sync.media.refusals import Refusal

FILE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"photo": N_("Foto"), "photo2": N_("Foto kedua"), "voice": N_("Rekaman suara")}
)
REFUSAL_WORDS: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.NO_PICTURE: N_("bukan foto yang dapat dibaca"),
        Refusal.HEIC: N_("berbentuk HEIC, yang tidak dapat dibaca"),
        Refusal.TOO_MANY_PIXELS: N_("terlalu banyak piksel"),
        Refusal.NO_SOUND: N_("bukan rekaman suara yang dapat dibaca"),
        Refusal.VIDEO: N_("berisi video"),
        Refusal.BROKEN: N_("rusak atau terpotong"),
        Refusal.TOO_LARGE: N_("terlalu besar"),
        Refusal.BUSY: N_("belum sempat diperiksa"),
    }
)


def not_kept(question: str, refusal: Refusal) -> str:
    """Say that a file was not kept, and why."""
    return N_("%(what)s tidak disimpan: %(why)s.", what=FILE_WORDS[question], why=REFUSAL_WORDS[refusal])
