from __future__ import annotations

import math

from sync.wire.logistic import CHANCE_OF_LOGIT, LOGIT_LIMIT, LOGIT_OF_CHANCE, squash


def test_chances_follow_the_logistic_curve() -> None:
    for logit in range(-LOGIT_LIMIT, LOGIT_LIMIT + 1):
        exact = 65536 / (1 + math.exp(-logit / 256))
        assert abs(squash(logit) - min(65520, max(16, exact))) <= 0.51


def test_the_curve_is_the_same_from_both_sides() -> None:
    assert all(
        low + high == 65536 for low, high in zip(CHANCE_OF_LOGIT, reversed(CHANCE_OF_LOGIT), strict=True)
    )


def test_logits_are_the_way_back() -> None:
    assert list(LOGIT_OF_CHANCE) == sorted(LOGIT_OF_CHANCE)
    assert (LOGIT_OF_CHANCE[0], LOGIT_OF_CHANCE[-1]) == (-LOGIT_LIMIT, LOGIT_LIMIT)
    for step in range(1, 4095):
        exact = math.log((step + 0.5) / (4095.5 - step)) * 256
        assert abs(LOGIT_OF_CHANCE[step] - exact) < 8
    assert LOGIT_OF_CHANCE[2048] == 0
