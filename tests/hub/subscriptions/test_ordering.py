from __future__ import annotations

import pytest

from hub.subscriptions.ordering import HERE, Wished, begins_after, stops_after


@pytest.mark.parametrize(
    ("begin", "stop", "began_last"),
    [
        (Wished("a", 5, 0.0), Wished("a", 4, 99.0), True),  # in one epoch the counters say it
        (Wished("a", 3, 99.0), Wished("a", 4, 0.0), False),
        (Wished("b", 0, 10.0), Wished("a", 9, 5.0), True),
        (Wished("b", 9, 5.0), Wished("a", 0, 10.0), False),
        (Wished("b", 9, 5.0), Wished("a", 0, 5.0), False),  # open: they stopped
        (Wished(HERE, 0, 5.0), Wished(HERE, 0, 5.0), False),
        (Wished(HERE, 0, 6.0), Wished("a", 0, 5.0), True),
    ],
)
def test_of_two_wishes_the_later_one_counts_and_a_stop_where_it_is_open(
    begin: Wished, stop: Wished, began_last: bool
) -> None:
    assert begins_after(begin, stop) is began_last
    assert stops_after(stop, begin) is not began_last
