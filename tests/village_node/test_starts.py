"""A start after an end that was none is counted, and only that."""

from __future__ import annotations

from village import Region

from village_node.starts import Starts


def test_a_clean_end_counts_nothing_and_a_power_cut_does(region: Region) -> None:
    assert region.node().starts.unclean == 0
    node = region.restart_node()
    assert (node.starts.unclean, node.starts.boot) == (0, 2)
    Starts(node.log, 3)  # the second start never ended
    assert node.starts.unclean == 1
    third = Starts(node.log, 3)
    third.close()
    Starts(node.log, 4)
    assert node.starts.unclean == 2
