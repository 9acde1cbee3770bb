"""A question over a bot has the passage of the material with its source, or none."""

from __future__ import annotations

from talking import material

from bots.desks.answering import Answers


def test_what_the_material_knows_comes_with_its_source_and_the_rest_is_not_known() -> None:
    answers = Answers(material)
    found = answers("berapa biaya membuat paspor?", "jv")
    assert found.title
    assert found.text
    assert found.source
    assert answers("warna kucing tetangga saya apa?", "id").title is None
