from __future__ import annotations

import tomllib

from content.catalogue import Catalogue
from content.check import problems
from content.files import shipped_files
from hub.gaps.export import fragments, with_answers
from hub.gaps.services import GapAnswer

ANSWER = GapAnswer(
    'Cuti "melahirkan"',
    ("Tanya di KJRI.", "Bawa paspor."),
    ("boleh cuti hamil di hongkong", r"cuti \ melahirkan"),
    "KJRI Hong Kong, tanya jawab",
    "2026-11-20",
    "https://kjri.example/cuti",
    verified=True,
)


def test_an_answer_is_material_that_the_check_takes() -> None:
    found = fragments([(3, ANSWER)], "a1b2c3")
    assert (
        tomllib.loads(found["passages.toml"])["passages"][0]["asks"]
        == r"boleh cuti hamil di hongkong / cuti \ melahirkan"
    )
    files = with_answers(shipped_files(), found)
    passage = Catalogue(files).passages()[-1]
    assert (passage.title, passage.lines) == (ANSWER.title, ANSWER.lines)
    assert passage.facts == ("celah_a1b2c3_3",)
    fact = Catalogue(files).facts[passage.facts[0]]
    assert fact.address == ANSWER.address
    assert (fact.source, fact.dated, fact.verified) == (ANSWER.source, ANSWER.dated, True)
    assert [p for p in problems(files) if "celah_a1b2c3_3" in p] == []


def test_no_answers_change_nothing() -> None:
    assert with_answers(shipped_files(), fragments([], "a1")) == shipped_files()
