"""Numbers to ring in danger, out of the material."""

from __future__ import annotations

from bots.dialogue.scene import Scene
from bots.texts import N_

RING_NOW = N_("Ada bahaya sekarang? Telepon:")


def numbers_text(scene: Scene) -> str:
    """Return whom to ring, a line for each number."""
    lines = [f"{line.who}: {line.number}" for line in scene.catalogue.emergency_lines]
    return "\n".join([scene.say(RING_NOW), *lines])


def first_number(scene: Scene) -> str:
    """Return the number that stands first, for where there is room for one."""
    return next((line.number for line in scene.catalogue.emergency_lines), "110")
