"""A place as an index into the dated area table; what that does not know is written as in fields model 1.

Part of fields model 2 and frozen with it. Weights follow where people are recruited and sent from: BP2MI's
placements of 2023 by province (East Java 68,000, Central Java 59,000, West Java 53,000, West Nusa Tenggara
34,000, Lampung 22,000, North Sumatra 11,000, Bali 9,000, all others 19,000 of 275,000), in round numbers.
East Nusa Tenggara sends few by the books and many without papers (BP3MI NTT: 100 dead in eight months of
2023), so it weighs as much as its neighbour; the provinces of the crossings weigh a little more than the
others. In a province the regencies that agencies name as the largest sources weigh eight times as much:
BP2MI 2022 and 2023, Disnakertrans Jawa Tengah 2025, BP3MI NTB 2024, BP3MI NTT 2023. All else is even.
"""

from __future__ import annotations

import functools

from sync.areas.table import AreaTable, area_table
from sync.wire.codings import AreaCode, Choice
from sync.wire.intervals import IntervalReader, IntervalWriter

TABLE = 1
"""The table whose indexes fields model 2 writes, whatever newer one there is."""

_PROVINCES = {
    "35": 25, "33": 21, "32": 19, "52": 12, "53": 12, "18": 8, "12": 4, "51": 3,
    "14": 3, "21": 3, "61": 3, "65": 3,
}  # fmt: skip
_REGENCIES = frozenset((
    "18.07",  # Lampung Timur
    "32.09", "32.12", "32.13",  # Cirebon, Indramayu, Subang
    "33.01", "33.02", "33.14", "33.15", "33.18", "33.24", "33.29",  # Cilacap to Brebes
    "35.02", "35.04", "35.05", "35.06", "35.07", "35.10", "35.19", "35.21",  # Ponorogo to Ngawi
    "52.01", "52.02", "52.03",  # West, Central and East Lombok
    "53.02", "53.06", "53.08", "53.21",  # Timor Tengah Selatan, Flores Timur, Ende, Malaka
))  # fmt: skip


class AreaIndex:
    """A Kemendagri code: its level, then which of its siblings it and each area above it is."""

    _known = Choice({True: 31, False: 1})
    _level = Choice({4: 12, 3: 12, 2: 3, 1: 1})
    _unknown = AreaCode()

    def put(self, out: IntervalWriter, value: str) -> None:
        """Write a code of the contract's form, in the table or not."""
        steps = area_table(TABLE).steps_of(value)
        self._known.put(out, steps is not None)
        if steps is None:
            self._unknown.put(out, value)
            return
        self._level.put(out, len(steps))
        province, regencies = _weighted()
        province.put(out, steps[0])
        for depth, step in enumerate(steps[1:], 1):
            if depth == 1:
                regencies[steps[0]].put(out, step)
            else:
                out.put(step, 1, area_table(TABLE).count_below(steps[:depth]))

    def take(self, source: IntervalReader) -> str:
        """Read it again."""
        if not self._known.take(source):
            return self._unknown.take(source)
        level = self._level.take(source)
        province, regencies = _weighted()
        steps = [province.take(source)]
        for depth in range(1, level):
            if depth == 1:
                steps.append(regencies[steps[0]].take(source))
            else:
                total = area_table(TABLE).count_below(steps)
                steps.append(source.part(total))
                source.take(steps[-1], 1, total)
        return area_table(TABLE).code_at(steps)


@functools.cache
def _weighted() -> tuple[Choice[int], tuple[Choice[int], ...]]:
    """Return the choice of a province, and of a regency in each province, by their order in the table."""
    table: AreaTable = area_table(TABLE)
    codes = table.children_of()
    provinces = Choice({step: _PROVINCES.get(code, 1) for step, code in enumerate(codes)})
    regencies = tuple(
        Choice(
            {step: 8 if code in _REGENCIES else 1 for step, code in enumerate(table.children_of(province))}
        )
        for province in codes
    )
    return provinces, regencies
