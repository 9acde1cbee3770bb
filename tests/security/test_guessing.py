"""A guess costs the same whatever is guessed: counted in derivations and questions to the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from village import Region, quick_folder

from sync.sealing import receipt_code
from village_node.log import NodeLog
from village_node.pin import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S, CodeWrong, make_code, reset_pin_here
from village_node.services import TooManyGuesses, UnknownReceipt


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        made = Region(folder)
        yield made
        made.close()


def test_a_wrong_code_is_the_same_work_however_near_it_is(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = region.file().code
    assert code is not None
    asked: list[str] = []

    def counted(**settings: object) -> Argon2id:
        asked.append("derivation")
        return Argon2id(**settings)  # type: ignore[arg-type]

    monkeypatch.setattr(receipt_code, "Argon2id", counted)
    for name in ("find_under_duress", "steps", "answers", "follow_ups"):
        true = getattr(NodeLog, name)

        def noting(self: NodeLog, *key: object, _true: object = true, _name: str = name) -> object:
            asked.append(_name)
            return _true(self, *key)  # type: ignore[operator]

        monkeypatch.setattr(NodeLog, name, noting)
    node = region.node()
    works = []
    near = [f"{code[:15]}{(int(code[15]) + 1) % 10}", f"{(int(code[0]) + 1) % 10}{code[1:]}", "0" * 16]
    for wrong in near:
        asked.clear()
        with pytest.raises(UnknownReceipt):
            node.look_up(wrong)
        works.append(list(asked))
    assert works[0] == works[1] == works[2]
    assert works[0].count("derivation") == 1
    asked.clear()
    node.look_up(code)
    assert asked.count("derivation") == 1, (
        "a right one takes no second derivation that could be heard from afar"
    )


DAY_S = 86_400
PIN = "271828"


@pytest.mark.parametrize("guessed", ["pin", "code"])
def test_a_day_of_guessing_that_pulls_the_plug_wins_a_hundred_guesses(region: Region, guessed: str) -> None:
    """A million PINs at a hundred a day are 27 years, however often somebody pulls the plug."""
    node = region.node()
    if guessed == "pin":
        node.pin.set_with_code(reset_pin_here(node.log), PIN)
    else:
        make_code(node.log)
    began_s, made, waited = region.clock.monotonic_s(), 0, 0

    def guess() -> None:
        pin = region.node().pin
        if guessed == "pin":
            assert not pin.matches("999111")
        else:
            with pytest.raises(CodeWrong):
                pin.set_with_code("00000000", PIN)

    while region.clock.monotonic_s() - began_s < DAY_S:
        try:
            guess()
            made += 1
        except TooManyGuesses as wait:
            if waited < 3:
                region.restart_node()
                with pytest.raises(TooManyGuesses):
                    guess()
            waited += 1
            region.clock.advance(wait.wait_s)
    assert FREE_TRIES + DAY_S // LONGEST_WAIT_S < made < FREE_TRIES + DAY_S // LONGEST_WAIT_S + 10
    assert FIRST_WAIT_S < LONGEST_WAIT_S
    assert not region.node().pin.matches("999111")
    with pytest.raises(TooManyGuesses):
        region.node().pin.matches(PIN)  # nor does the right one tell that it is right while the box waits
