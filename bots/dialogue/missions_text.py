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
    directory, position = scene.catalogue.missions, draft.answers.get("position")
    if not scene.room.abroad or country == "ID":
        return ""
    if not isinstance(country, str):
        lines = _nearest(scene, position, directory.missions)
        return "\n".join([*lines, scene.say(SOURCE, source=directory.cited)]) if lines else ""
    there = directory.of_country(country)
    local = directory.local_number(country)
    lines = [] if local is None else [scene.say(LOCAL, number=local.number)]
    nearest = _nearest(scene, position, there)
    lines += nearest
    there = tuple(one for one in there if _line(one) not in nearest)
    if there:
        lines += [scene.say(MISSIONS), *(_line(one) for one in there[:MOST_SHOWN])]
    if not directory.of_country(country):
        lines.append(scene.say(NO_MISSION))
    sources = [directory.cited] if directory.of_country(country) else []
    sources += [local.cited] if local is not None else []
    return "\n".join([*lines, *([scene.say(SOURCE, source="; ".join(sources))] if sources else [])])


def _nearest(scene: Scene, position: object, among: tuple[Mission, ...]) -> list[str]:
    """Return the mission nearest to a position in lines, nothing without either."""
    if not among or not isinstance(position, dict):
        return []
    lat, lon = position["lat_e5"] / 1e5, position["lon_e5"] / 1e5
    nearest = scene.catalogue.missions.nearest(lat, lon, among)
    if nearest is None:
        return []
    km = max(1, round(nearest.distance_km(lat, lon)))
    return [scene.say(NEAREST, km=km), _line(nearest)]


def _line(mission: Mission) -> str:
    numbers = [number for number in (mission.hotline, mission.number) if number]
    name = f"{mission.name} ({mission.serves})" if mission.serves else mission.name
    return f"{name}: {', '.join(numbers) or mission.page}"
