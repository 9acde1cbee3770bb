"""LANGGANAN and BERHENTI over SMS: for which area, and what is said when it is taken."""

from __future__ import annotations

from collections.abc import Mapping

from bots.dialogue.contract import KeptBy, Room
from bots.dialogue.places import spoken
from bots.dialogue.scene import Scene
from bots.dialogue.shortening import cut
from bots.dialogue.sms_places import found_place
from bots.texts import N_
from content.typed_values import area_code

SUBSCRIBED = N_(
    "Pengumuman untuk %(area)s dikirim ke nomor ini. Hub menyimpan nomor, wilayah, bahasa. "
    "Berhenti: kirim BERHENTI."
)
ON_ITS_WAY = N_(
    "Diteruskan ke hub: pengumuman untuk %(area)s. Hanya hub menyimpan nomor, wilayah, bahasa. "
    "Berhenti: kirim BERHENTI."
)
STOPPED = N_("Pengumuman berhenti. Nomor ini sudah dihapus di hub. Mulai lagi: kirim LANGGANAN.")
STOP_ON_ITS_WAY = N_(
    "BERHENTI dalam perjalanan ke hub. Hub berhenti dan menghapus nomor ini saat pesan itu tiba."
)
WHICH_AREA = N_(
    "Kirim LANGGANAN untuk desa ini, atau LANGGANAN KECAMATAN, KABUPATEN, PROVINSI, atau kode wilayah."
)
AREA_PLACES = 34
_LEVELS: Mapping[str, int] = {
    "desa": 4,
    "kelurahan": 4,
    "village": 4,
    "kecamatan": 3,
    "kec": 3,
    "kabupaten": 2,
    "kab": 2,
    "kota": 2,
    "district": 2,
    "provinsi": 1,
    "province": 1,
}
"""A word for a level around the bot's village -> parts of the code."""


def wanted_area(room: Room, rest: str) -> str | None:
    """Return the code of the area that stands after LANGGANAN: a level around the village, a code, a village
    by its name, or nothing for the village itself. None where it is none."""
    word = rest.strip(" .,!").casefold()
    if word in _LEVELS or not word:
        level = _LEVELS.get(word, 4)
        return ".".join(room.village.split(".")[:level]) if room.village else None
    code = area_code(word)
    if code in room.areas:
        return code
    place, words = found_place(room, f"desa {rest}")
    return None if words or not place else place


def done_text(scene: Scene, wish: str, area: str) -> str:
    """Return what is said when a wish ("start" or "stop") was taken, at the hub or on its way there."""
    at_hub = scene.room.kept_by is KeptBy.HUB
    if wish == "stop":
        return scene.say(STOPPED if at_hub else STOP_ON_ITS_WAY)
    name = cut(spoken(scene.room, area) or area, AREA_PLACES)
    return scene.say(SUBSCRIBED if at_hub else ON_ITS_WAY, area=name)
