"""Every state, value and stage has its word."""

from __future__ import annotations

from hub.cases.states import ASSIGNED, STAGES, VALUES, Step
from hub.web.state_words import STAGE_WORDS, STATE_WORDS, VALUE_WORDS, step_in_words


def test_every_state_and_value_has_a_word_in_the_same_order() -> None:
    assert {state: tuple(words) for state, words in VALUE_WORDS.items()} == dict(VALUES)
    assert set(STATE_WORDS) == {*VALUES, ASSIGNED}
    assert tuple(STAGE_WORDS) == STAGES


def test_a_step_is_told_in_words() -> None:
    step = Step(1, 0.0, "sari", "risk", "not_assessed", "high", "anak ikut")
    assert step_in_words(step) == "Risiko: belum dinilai \u2192 tinggi"
    assert step_in_words(Step(2, 0.0, "sari", ASSIGNED, "", "budi", "")) == "Dipegang: tidak ada \u2192 budi"
    back = Step(3, 0.0, "sari", ASSIGNED, "budi", "", "keliru", undoes=2)
    assert step_in_words(back) == "Dibatalkan: Dipegang: budi \u2192 tidak ada"
