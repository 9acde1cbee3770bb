from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from village_node.web import icons
from village_node.web.questions import QUESTIONS
from village_node.web.steps import FIRST, MORE


def test_every_choice_and_every_part_has_a_drawing() -> None:
    wanted = {choice.icon for question in QUESTIONS.values() for choice in question.tiles}
    wanted |= {chain.icon for chain in (FIRST, *MORE)}
    assert wanted <= set(icons.ICONS)


def test_a_drawing_is_passed_over_by_screen_readers_and_loads_nothing() -> None:
    for name in icons.ICONS:
        drawing = ElementTree.fromstring(str(icons.icon(name)))
        assert drawing.get("aria-hidden") == "true"
        assert not [e for e in drawing.iter() if any("href" in key or ":" in key for key in e.attrib)]
