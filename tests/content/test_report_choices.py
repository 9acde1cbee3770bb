"""What can be picked is what the contract allows, and all of it."""

from __future__ import annotations

import pytest

from content.report_choices import (
    DESTINATION_CHOICES,
    JOB_CHOICES,
    KIND_CHOICES,
    RELATION_CHOICES,
    URGENCY_CHOICES,
    Choice,
)
from sync.records import JOBS, KINDS, RELATIONS, URGENCIES, check_report


@pytest.mark.parametrize(
    ("choices", "allowed"),
    [
        (KIND_CHOICES, KINDS),
        (URGENCY_CHOICES, URGENCIES),
        (JOB_CHOICES, JOBS),
        (RELATION_CHOICES, RELATIONS),
    ],
)
def test_every_value_of_the_contract_is_offered_once(
    choices: tuple[Choice, ...], allowed: tuple[str, ...]
) -> None:
    assert sorted(choice.value for choice in choices if choice.value) == sorted(allowed)


def test_every_country_passes_the_check() -> None:
    for choice in DESTINATION_CHOICES:
        check_report({"kind": "other", "narrative": "", "offer": {"destination": choice.value}})
