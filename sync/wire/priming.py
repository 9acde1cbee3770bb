"""Makes a primed model from texts: reads them once and keeps what was learnt. Used by scripts only."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from sync.wire.byte_tree import ByteTree, code_lengths
from sync.wire.mixing import Mixture
from sync.wire.primed import INPUTS, SELECTORS, STEPS, Places, Primed
from sync.wire.row_table import Row, RowTable, count, row_of
from sync.wire.said import Texts
from sync.wire.text_history import CONTEXTS, END


class GrowingRows:
    """The rows of one kind of context while they are counted."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, int]] = {}

    def row(self, context: int) -> Row:
        """Return the row of a context, empty if there is none."""
        return row_of(self.rows.get(context, {}))


class Learner:
    """A model that is being primed: give it reports, those that shall count most last, then take its file."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self._tree = ByteTree(lengths)
        self._tables = [GrowingRows() for _ in range(CONTEXTS)]
        self._past = bytearray()
        self._places: dict[int, int] = {}
        self._primed = Primed(self._tree.lengths, self._tables, self._past, self._places)
        self._mixture = Mixture(self._primed, self._tree)

    def read(self, report: Texts) -> None:
        """Learn from a report, as it will be learnt from when written, and then count what stood in it."""
        mixture = self._mixture
        mixture.begin_report(report.said)
        read = []
        for field, text in zip(report.fields, report.texts, strict=True):
            mixture.begin_text(field)
            for byte in text.encode() + bytes([END]):
                for depth, (node, bit) in enumerate(self._tree.paths[byte]):
                    mixture.chance(node, depth)
                    mixture.learn(bit)
                read.append((mixture.contexts, byte))
                mixture.add(byte)
        for contexts, byte in read:
            for table, context in zip(self._tables, contexts, strict=True):
                count(table.rows.setdefault(context, {}), byte, 1)
        self._past += mixture.past
        self._places |= mixture.places

    def packed(self) -> bytes:
        """Return the data file of what was learnt."""
        mixture, primed = self._mixture, self._primed
        primed.maps[:] = mixture.maps
        primed.matches[:] = mixture.matches
        start = 0
        for rows, sets in zip(mixture.rows, SELECTORS, strict=True):
            _put_rows(primed.weights, start, rows, INPUTS)
            start += sets * INPUTS
        _put_rows(primed.finals, 0, mixture.finals, len(SELECTORS))
        _put_rows(primed.refined, 0, mixture.refined, STEPS)
        return primed.packed([RowTable.of(table.rows) for table in self._tables], Places.of(self._places))


def prime(reports: Iterable[Texts]) -> bytes:
    """Return the data file of what is learnt from the reports; those that come last count most."""
    reports = list(reports)
    learner = Learner(lengths_of(reports))
    for report in reports:
        learner.read(report)
    return learner.packed()


def lengths_of(reports: Iterable[Texts]) -> list[int]:
    """Return the code lengths of the bytes of these reports."""
    weights = [1] * 256
    for report in reports:
        for byte in report.row():
            weights[byte] += 4
    return code_lengths(weights)


def _put_rows(numbers: array[int], start: int, rows: dict[int, list[int]], width: int) -> None:
    for index, row in rows.items():
        at = start + index * width
        numbers[at : at + width] = array(numbers.typecode, row)
