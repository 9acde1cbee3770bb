"""Where most reports come from, a place tells little."""

from __future__ import annotations

from hub.linking.shares import Shares


def test_a_place_of_many_reports_is_common() -> None:
    shares = Shares()
    before = shares.of_area("52.02")
    for _ in range(500):
        shares.add({"52.02.08.2001"}, {"MY"})
    assert before < 0.02
    assert shares.of_area("52.02") > 0.8
    assert shares.of_area("33.01") < before
    assert shares.of_country("MY") > 0.8 > 0.1 > shares.of_country("PL")
