"""Text model 3's mind: many contexts guess the next bit, and a mixture that learns weighs them.

Each context (`sync.wire.text_history`) keeps, for every node of the byte tree, how often the bit was yes.
What it says goes through a map of how far such a count has been right before; the logits of all are
weighed by several sets of weights at once, whose answers are weighed again, and the result is corrected
by what came of such results before. Then everything learns from the bit. This is the family of
Mahoney's PAQ; here with integers only and every rounding downwards, so that all machines agree.

Nothing primed is changed: what is learnt from one report stays in dictionaries that are dropped with it.
"""

from __future__ import annotations

from operator import mul

from sync.wire.byte_tree import ByteTree
from sync.wire.logistic import CHANCE_OF_LOGIT, LOGIT_LIMIT, LOGIT_OF_CHANCE
from sync.wire.primed import (
    CONFIDENCES,
    INPUTS,
    LONGEST_MATCH,
    MATCH_BITS,
    MATCH_LENGTHS,
    REFINED,
    SELECTORS,
    SLOT_BITS,
    SLOT_STARTS,
    STEPS,
    Primed,
)
from sync.wire.text_history import CONTEXTS, PLAIN, History, spread

_M32 = 0xFFFFFFFF
_OFFSET = LOGIT_LIMIT + 1
_MOST = 250
_RATES = tuple(65536 * 10 // (10 * count + 11) for count in range(_MOST + 1))
_STEPS_OF_COUNT = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 24, 36, 60, 120)
_CONFIDENCE = tuple(16 * (sum(count >= least for least in _STEPS_OF_COUNT) - 1) for count in range(_MOST + 1))
_LEAST_CHANCE, _GREATEST_CHANCE = 24, 65512
_BIAS = 256
_WEIGHT_RATE, _WEIGHT_SHIFT = 10, 20
_FINAL_RATE, _FINAL_SHIFT = 2, 20
_MAP_SHIFT = _MATCH_SHIFT = 6
_REFINED_SHIFT = 5
_NO_SLOT = 0x8000 << 8
_SLOT_SHIFTS = tuple(32 - bits for bits in SLOT_BITS)


def _node_key(node: int) -> int:
    mixed = (node + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed ^= mixed >> 31
    mixed = mixed * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return (mixed ^ mixed >> 29) >> 16 & _M32


_NODE_KEYS = tuple(_node_key(node) for node in range(256))
_ROW_STARTS = tuple(sum(SELECTORS[:k]) * INPUTS for k in range(len(SELECTORS)))


class Mixture:
    """The state while one report's texts are written or read. Ask `chance`, tell `learn`, then `add`."""

    def __init__(self, primed: Primed, tree: ByteTree) -> None:
        self._primed = primed
        self._tree = tree
        self._history = History()
        self.slots: list[dict[int, int]] = [{} for _ in range(CONTEXTS)]
        self.maps = primed.maps[:]
        self.rows: list[dict[int, list[int]]] = [{} for _ in SELECTORS]
        self.finals: dict[int, list[int]] = {}
        self.refined: dict[int, list[int]] = {}
        self.matches = primed.matches[:]
        self.past = bytearray()
        self.places: list[dict[int, int]] = [{} for _ in MATCH_LENGTHS]
        self._match_at = [0] * len(MATCH_LENGTHS)
        self._match_length = [0] * len(MATCH_LENGTHS)
        self._expected: list[dict[int, int]] = [{} for _ in MATCH_LENGTHS]
        self._contexts: list[int] = []

    def begin_report(self) -> None:
        """Forget where we are, not what was learnt."""
        self._history = History()
        self._match_length = [0] * len(MATCH_LENGTHS)

    def begin_text(self, field: int) -> None:
        """A text of that field follows."""
        self._history.begin_text(field)
        self._expect()

    def add(self, byte: int) -> None:
        """The byte is complete."""
        self._history.add(byte)
        self.past.append(byte)
        for which, least in enumerate(MATCH_LENGTHS):
            self._follow(which, least, byte)
        self._expect()

    def chance(self, node: int, depth: int) -> int:
        """Return the chance of yes at this node, in 2**16."""
        inputs, sure = self._guesses(node)
        expected = self._expected[0].get(node)
        near = 0 if expected is None else 1 + (self._match_length[0] > 7) + (self._match_length[0] > 15)
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
        final = self.finals.get(depth)
        if final is None:
            start = depth * len(SELECTORS)
            final = self.finals[depth] = list(self._primed.finals[start : start + len(SELECTORS)])
        self._final = final
        logit = sum(map(mul, final, logits)) >> 16
        return self._refine(node, min(LOGIT_LIMIT, max(-LOGIT_LIMIT, logit)))

    def learn(self, bit: int) -> None:
        """Learn what the bit was whose chance was asked last."""
        goal = bit << 16
        for row, logit in zip(self._mixed, self._logits, strict=True):
            error = (goal - CHANCE_OF_LOGIT[logit + _OFFSET]) * _WEIGHT_RATE
            half = 1 << (_WEIGHT_SHIFT - 1)
            row[:] = [
                weight + ((value * error + half) >> _WEIGHT_SHIFT)
                for weight, value in zip(row, self._inputs, strict=True)
            ]
        error = (goal - self._mean) * _FINAL_RATE
        half = 1 << (_FINAL_SHIFT - 1)
        self._final[:] = [
            weight + ((logit * error + half) >> _FINAL_SHIFT)
            for weight, logit in zip(self._final, self._logits, strict=True)
        ]
        target = 65535 if bit else 0
        for row, step in self._steps:
            row[step] += (target - row[step]) >> _REFINED_SHIFT
        self._learn_counts(target)
        for which, expected in enumerate(self._expected):
            guess = expected.get(self._node)
            if guess is not None:
                at = which * 32 + self._match_length[which]
                right = 65535 if guess == bit else 0
                self.matches[at] += (right - self.matches[at]) >> _MATCH_SHIFT

    def _guesses(self, node: int) -> tuple[list[int], int]:
        """Return all inputs of the mixture, and how many of the orders 2 to 6 have been here."""
        self._node = node
        node_key = _NODE_KEYS[node]
        table = self._primed.slots
        maps = self.maps
        inputs: list[int] = []
        found = []
        sure = 0
        for which, context in enumerate(self._contexts):
            key = (context + node_key) & _M32
            slot = self.slots[which].get(key)
            if slot is None:
                at = SLOT_STARTS[which] + (key >> _SLOT_SHIFTS[which])
                check = key & 0xFF
                slot = table[at]
                if slot & 0xFF == check and slot & 0xFF00:
                    slot >>= 8
                else:
                    slot = table[at ^ 1]
                    slot = slot >> 8 if slot & 0xFF == check and slot & 0xFF00 else _NO_SLOT
            count = slot & 0xFF
            if count:
                at = which * CONFIDENCES + _CONFIDENCE[count] + (slot >> 20)
                inputs += (LOGIT_OF_CHANCE[maps[at] >> 4], LOGIT_OF_CHANCE[slot >> 12])
                sure += 2 <= which <= 6
            else:
                at = -1
                inputs += (0, 0)
            found.append((key, slot, at))
        self._found = found
        for which, expected in enumerate(self._expected):
            guess = expected.get(node)
            if guess is None:
                inputs.append(0)
            else:
                logit = LOGIT_OF_CHANCE[self.matches[which * 32 + self._match_length[which]] >> 4]
                inputs.append(logit if guess else -logit)
        inputs.append(_BIAS)
        return inputs, sure

    def _learn_counts(self, target: int) -> None:
        maps = self.maps
        for slots, (key, slot, at) in zip(self.slots, self._found, strict=True):
            if at >= 0:
                maps[at] += (target - maps[at]) >> _MAP_SHIFT
            chance, count = slot >> 8, slot & 0xFF
            chance += (target - chance) * _RATES[count] >> 16
            slots[key] = chance << 8 | min(count + 1, _MOST)

    def _row(self, which: int, index: int) -> list[int]:
        row = self.rows[which].get(index)
        if row is None:
            start = _ROW_STARTS[which] + index * INPUTS
            row = self.rows[which][index] = list(self._primed.weights[start : start + INPUTS])
        return row

    def _refine(self, node: int, logit: int) -> int:
        self._mean = mean = CHANCE_OF_LOGIT[logit + _OFFSET]
        step, weight = divmod(logit + _OFFSET, 256)
        pair = spread(50, node << 16 | self._history.last & 0xFFFF) >> 20
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
        self._contexts = self._history.contexts()
        self._expected = [
            self._tree.bits[self._byte_at(at)] if length else {}
            for at, length in zip(self._match_at, self._match_length, strict=True)
        ]

    def _byte_at(self, at: int) -> int:
        before = len(self._primed.past)
        return self._primed.past[at] if at < before else self.past[at - before]

    def _follow(self, which: int, least: int, byte: int) -> None:
        """Keep a match that has come true, else look for one."""
        if self._match_length[which] and self._byte_at(self._match_at[which]) == byte:
            self._match_length[which] = min(self._match_length[which] + 1, LONGEST_MATCH)
            self._match_at[which] += 1
        else:
            self._match_length[which] = 0
        key = spread(40 + which, self._history.plain & ((1 << 8 * least) - 1)) >> (32 - MATCH_BITS)
        end = len(self._primed.past) + len(self.past)
        if not self._match_length[which]:
            at = self.places[which].get(key) or self._primed.places[(which << MATCH_BITS) + key]
            length = self._common(at, end) if at else 0
            if length >= least:
                self._match_at[which], self._match_length[which] = at, length
        self.places[which][key] = end

    def _common(self, one: int, other: int) -> int:
        length = 0
        while (
            length < LONGEST_MATCH
            and length < one
            and PLAIN[self._byte_at(one - 1 - length)] == PLAIN[self._byte_at(other - 1 - length)]
        ):
            length += 1
        return length
