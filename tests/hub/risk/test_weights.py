"""The table of weights: whole, dated, each line with its source, and never changed under its version."""

from __future__ import annotations

import hashlib

from hub.languages import ENGLISH, INDONESIAN, speaking, translate
from hub.risk.weights import CHAMPION, ELEMENTS, FIRST, STRONG, TABLES
from sync.records import INDICATORS


def test_every_sign_has_a_weight_a_source_and_a_reason_in_both_languages() -> None:
    assert set(CHAMPION.signs) == {one.code for one in INDICATORS}
    for sign, weight in CHAMPION.signs.items():
        assert 0 <= weight.points <= STRONG, sign
        assert weight.element in (*ELEMENTS, None), sign
        assert any(name in weight.source for name in ("ILO", "Palermo", "UU 18/2017")), sign
        with speaking(INDONESIAN.tag):
            indonesian = translate(weight.why)
        with speaking(ENGLISH.tag):
            assert translate(weight.why) != indonesian, sign


def test_a_table_is_never_changed_under_its_version() -> None:
    said = repr([(sign, one.points, one.element) for sign, one in sorted(FIRST.signs.items())])
    digest = hashlib.sha256(f"{said} {FIRST.medium_from} {FIRST.high_from}".encode()).hexdigest()
    assert (FIRST.version, FIRST.dated) == ("2026-11", "2026-11-26")
    assert digest == "d7e37713a38881002a27edcdd7eccd8120c6ba33242f533bfbfb42facf1a5e50", (
        "give changed weights a new version"
    )
    assert TABLES[CHAMPION.version] is CHAMPION
