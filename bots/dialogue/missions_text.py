"""Indonesia's missions near somebody abroad, and the emergency number there, in words."""

from __future__ import annotations

from bots.dialogue.drafts import Draft
from bots.dialogue.scene import Scene
from bots.texts import N_
from content.missions import Mission

MISSIONS = N_("Perwakilan Indonesia di sana:")
NEAREST = N_("Yang terdekat dari lokasi Anda, kira-kira %(km)s km:")
LOCAL = N_("Nomor darurat di negara itu: %(number)s")
SOURCE = N_("Nomor ini belum kami periksa dan bisa sudah berubah. Sumber: %(source)s.")
NO_MISSION = N_(
    "Kami tidak punya alamat perwakilan Indonesia di negara itu. Lihat https://kemlu.go.id/perwakilan"
)
MOST_SHOWN = 6


def missions_text(scene: Scene, draft: Draft) -> str:
    """Return what is known of missions for the country and position of a draft; empty for a bot that does not
    serve people abroad."""
    country = draft.answers.get("offer.destination")
    if not scene.room.abroad or not isinstance(country, str) or country == "ID":
        return ""
    directory = scene.catalogue.missions
    there = directory.of_country(country)
    local = directory.local_number(country)
    lines = [] if local is None else [scene.say(LOCAL, number=local.number)]
    position = draft.answers.get("position")
    if there and isinstance(position, dict):
        lat, lon = position["lat_e5"] / 1e5, position["lon_e5"] / 1e5
        nearest = directory.nearest(lat, lon, there)
        if nearest is not None:
            km = max(1, round(nearest.distance_km(lat, lon)))
            lines += [scene.say(NEAREST, km=km), _line(nearest)]
            there = tuple(one for one in there if one is not nearest)
    if there:
        lines += [scene.say(MISSIONS), *(_line(one) for one in there[:MOST_SHOWN])]
    if not directory.of_country(country):
        lines.append(scene.say(NO_MISSION))
    sources = [directory.cited] if directory.of_country(country) else []
    sources += [local.cited] if local is not None else []
    return "\n".join([*lines, *([scene.say(SOURCE, source="; ".join(sources))] if sources else [])])


def _line(mission: Mission) -> str:
    numbers = [number for number in (mission.hotline, mission.number) if number]
    name = f"{mission.name} ({mission.serves})" if mission.serves else mission.name
    return f"{name}: {', '.join(numbers) or mission.page}"
