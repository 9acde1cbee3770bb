"""Text model 3's mind: many contexts guess the next bit, and a mixture that learns weighs them.

Each context (`sync.wire.text_history`) knows which bytes followed it and how often, and so, at every node
of the byte tree, how often the bit was yes and no. Two logits follow: of that share, and of a map that
knows how far such a pair of counts has been right before. The logits of all are weighed by several sets
of weights at once, whose answers are weighed again, and the result is corrected by what came of such
results before. Then everything learns from the bit. This is the family of Mahoney's PAQ over the rows of
Cleary and Witten's PPM; here with integers only and every rounding downwards, so that all machines agree.

Nothing primed is changed: what is learnt from one report stays in dictionaries that are dropped with it.
"""

from __future__ import annotations

from itertools import compress
from operator import mul

from sync.wire.byte_tree import ByteTree
from sync.wire.logistic import CHANCE_OF_LOGIT, LOGIT_LIMIT, LOGIT_OF_CHANCE
from sync.wire.primed import INPUTS, LEVELS, LONGEST_MATCH, REFINED, SELECTORS, STEPS, Primed
from sync.wire.row_table import NO_ROW, Row, count, row_of
from sync.wire.said import NOTHING_SAID, Said
from sync.wire.text_history import CONTEXT_BITS, CONTEXTS, END, PLAIN, History, spread

LEAST_MATCH = 5
NAMES_FIELD = 14
"""The field of the names of a report's place, which are read before its texts and written nowhere."""
_OFFSET = LOGIT_LIMIT + 1
_TIMES = 2
"""What a byte counts in the report it stands in; in the rows that are shipped it counts once."""
_LEVEL = bytes(sum(number >= least for least in LEVELS) - 1 for number in range(LEVELS[-1] + 1))
_TOP = LEVELS[-1]
_STEPS = len(LEVELS)
_PAIRS = _STEPS**2
_LEAST_CHANCE, _GREATEST_CHANCE = 24, 65512
_BIAS = 256
_WEIGHT_RATE = 12
_GOOD_ENOUGH = 1300
"""Weights learn nothing from an error below this, in 2**16: half the time, and not a byte more."""
_FINAL_RATE, _FINAL_SHIFT = 3, 20
_MAP_SHIFT = _MATCH_SHIFT = 6
_REFINED_SHIFT = 5
_TELLING = frozenset((2, 3, 4, 6, 8))
"""The contexts whose number with a guess says how well known the place is."""
_TURNED = bytes([1, 0]) + bytes(254)
_ROW_STARTS = tuple(sum(SELECTORS[:k]) * INPUTS for k in range(len(SELECTORS)))


class Mixture:
    """The state while one report's texts are written or read. Ask `chance`, tell `learn`, then `add`."""

    def __init__(self, primed: Primed, tree: ByteTree, said: Said = NOTHING_SAID) -> None:
        self._primed = primed
        self._tree = tree
        self.maps = primed.maps[:]
        self.rows: list[dict[int, list[int]]] = [{} for _ in SELECTORS]
        self.finals: dict[int, list[int]] = {}
        self.refined: dict[int, list[int]] = {}
        self.matches = primed.matches[:]
        self.contexts: list[int] = []
        """The contexts of the next byte."""
        self._asked: list[int] = []
        self._expected: dict[int, int] = {}
        self._live: list[Row] = []
        self._guess: int | None = None
        self.begin_report(said)

    def begin_report(self, said: Said) -> None:
        """Forget the texts, not how to weigh, and read the names of the new report's place."""
        self._history = History(said)
        self.seen: list[dict[int, dict[int, int]]] = [{} for _ in range(CONTEXTS)]
        self.past = bytearray()
        self.places: dict[int, int] = {}
        self._match_at = self._match_length = 0
        names = said.names().encode()
        if names:
            self.begin_text(NAMES_FIELD)
            for byte in names + bytes([END]):
                self.add(byte)

    def begin_text(self, field: int) -> None:
        """A text of that field follows."""
        self._history.begin_text(field)
        self._expect()

    def add(self, byte: int) -> None:
        """The byte is complete."""
        for seen, context, row in zip(self.seen, self.contexts, self._found, strict=True):
            own = seen.get(context)
            if own is None:
                own = seen[context] = dict(zip(*row, strict=True))
            count(own, byte, _TIMES)
        self._history.add(byte)
        self.past.append(byte)
        self._follow(byte)
        self._expect()

    def chance(self, node: int, depth: int) -> int:
        """Return the chance of yes at this node, in 2**16."""
        inputs, sure, near = self._guesses(node, depth)
        history = self._history
        depth = min(depth, 7)
        chosen = (
            node,
            sure * 4 + near,
            depth * 64 + (history.kinds & 63),
            history.last & 0xFF,
            history.field * 8 + min(history.place, 7),
            min(history.letters, 7) * 32 + depth * 4 + near,
        )
        self._mixed = rows = [self._row(which, index) for which, index in enumerate(chosen)]
        logits = []
        for row in rows:
            logit = sum(map(mul, row, inputs)) >> 16
            logits.append(min(LOGIT_LIMIT, max(-LOGIT_LIMIT, logit)))
        self._inputs, self._logits = inputs, logits
        final = self.finals.get(depth * 4 + near)
        if final is None:
            start = (depth * 4 + near) * len(SELECTORS)
            final = list(self._primed.finals[start : start + len(SELECTORS)])
            self.finals[depth * 4 + near] = final
        self._final = final
        logit = sum(map(mul, final, logits)) >> 16
        return self._refine(node, min(LOGIT_LIMIT, max(-LOGIT_LIMIT, logit)))

    def learn(self, bit: int) -> None:
        """Learn what the bit was whose chance was asked last."""
        goal = bit << 16
        speaking = [(at, value) for at, value in enumerate(self._inputs) if value]
        for row, logit in zip(self._mixed, self._logits, strict=True):
            error = goal - CHANCE_OF_LOGIT[logit + _OFFSET]
            if -_GOOD_ENOUGH < error < _GOOD_ENOUGH:
                continue
            # Below 2**30, where Python is quick.
            step = error * _WEIGHT_RATE >> 4
            for at, value in speaking:
                row[at] += (value * step + 32768) >> 16
        error = (goal - self._mean) * _FINAL_RATE
        half = 1 << (_FINAL_SHIFT - 1)
        self._final[:] = [
            weight + ((logit * error + half) >> _FINAL_SHIFT)
            for weight, logit in zip(self._final, self._logits, strict=True)
        ]
        target = 65535 if bit else 0
        for row, step in self._steps:
            row[step] += (target - row[step]) >> _REFINED_SHIFT
        maps = self.maps
        for at in self._asked:
            maps[at] += (target - maps[at]) >> _MAP_SHIFT
        sides = self._sides
        marks = sides if bit else sides.translate(_TURNED)
        live: list[Row] = []
        for symbols, counts in self._live:
            if len(symbols) > 1:
                chosen = symbols.translate(marks)
                live.append((bytes(compress(symbols, chosen)), tuple(compress(counts, chosen))))
            else:
                live.append((symbols, counts) if symbols and sides[symbols[0]] == bit else NO_ROW)
        self._live = live
        if self._guess is not None:
            length = self._match_length
            right = 65535 if self._guess == bit else 0
            self.matches[length] += (right - self.matches[length]) >> _MATCH_SHIFT

    def _guesses(self, node: int, depth: int) -> tuple[list[int], int, int]:
        """Return all inputs of the mixture, how many telling contexts guess, and how long the match is."""
        self._sides = sides = self._tree.sides[depth]
        asked = self._asked = []
        maps = self.maps
        inputs: list[int] = []
        sure = 0
        for which, (symbols, counts) in enumerate(self._live):
            if not symbols:
                inputs += (0, 0)
                continue
            if len(symbols) == 1:
                total = counts[0]
                yes = total if sides[symbols[0]] else 0
            else:
                total = sum(counts)
                yes = sum(compress(counts, symbols.translate(sides)))
            no = total - yes
            at = (
                which * _PAIRS
                + _LEVEL[yes if yes < _TOP else _TOP] * _STEPS
                + _LEVEL[no if no < _TOP else _TOP]
            )
            asked.append(at)
            inputs += (
                LOGIT_OF_CHANCE[maps[at] >> 4],
                LOGIT_OF_CHANCE[(10 * yes + 1) * 4096 // (10 * total + 2)],
            )
            sure += which in _TELLING
        self._guess = guess = self._expected.get(node)
        near = 0
        if guess is None:
            inputs.append(0)
        else:
            logit = LOGIT_OF_CHANCE[self.matches[self._match_length] >> 4]
            inputs.append(logit if guess else -logit)
            near = 1 + (self._match_length > 7) + (self._match_length > 15)
        inputs.append(_BIAS)
        return inputs, sure, near

    def _row(self, which: int, index: int) -> list[int]:
        row = self.rows[which].get(index)
        if row is None:
            start = _ROW_STARTS[which] + index * INPUTS
            row = self.rows[which][index] = list(self._primed.weights[start : start + INPUTS])
        return row

    def _refine(self, node: int, logit: int) -> int:
        self._mean = mean = CHANCE_OF_LOGIT[logit + _OFFSET]
        step, weight = divmod(logit + _OFFSET, 256)
        pair = spread(50, node << 16 | self._history.last & 0xFFFF) >> 18
        steps = []
        refined = 0
        for index in (node, REFINED[0] + pair):
            row = self.refined.get(index)
            if row is None:
                row = self.refined[index] = list(self._primed.refined[index * STEPS : (index + 1) * STEPS])
            refined += (row[step] * (256 - weight) + row[step + 1] * weight) >> 8
            steps.append((row, step + (weight > 127)))
        self._steps = steps
        return min(_GREATEST_CHANCE, max(_LEAST_CHANCE, (mean * 10 + refined * 3) >> 4))

    def _expect(self) -> None:
        self.contexts = self._history.contexts()
        found: list[Row] = []
        for seen, table, context in zip(self.seen, self._primed.tables, self.contexts, strict=True):
            own = seen.get(context)
            found.append(table.row(context) if own is None else row_of(own))
        self._found = self._live = found
        self._expected = self._tree.bits[self._byte_at(self._match_at)] if self._match_length else {}

    def _byte_at(self, at: int) -> int:
        before = len(self._primed.past)
        return self._primed.past[at] if at < before else self.past[at - before]

    def _follow(self, byte: int) -> None:
        """Keep a match that has come true, else look for one."""
        if self._match_length and self._byte_at(self._match_at) == byte:
            self._match_length = min(self._match_length + 1, LONGEST_MATCH)
            self._match_at += 1
        else:
            self._match_length = 0
        key = spread(40, self._history.plain & ((1 << 8 * LEAST_MATCH) - 1)) >> (32 - CONTEXT_BITS)
        end = len(self._primed.past) + len(self.past)
        if not self._match_length:
            at = self.places.get(key) or self._primed.places.get(key) or 0
            length = self._common(at, end) if at else 0
            if length >= LEAST_MATCH:
                self._match_at, self._match_length = at, length
        self.places[key] = end

    def _common(self, one: int, other: int) -> int:
        length = 0
        while (
            length < LONGEST_MATCH
            and length < one
            and PLAIN[self._byte_at(one - 1 - length)] == PLAIN[self._byte_at(other - 1 - length)]
        ):
            length += 1
        return length
