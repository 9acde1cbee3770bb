"""What a box answers, as dialogues hear it: a fault of the box is never told as a fault of the person."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import pytest

from bots.desks import node_desk
from bots.desks.node_desk import NodeDesk
from bots.dialogue.contract import Add, Input, KeptBy, LookUp, NotTaken, Submit, Withdraw
from village_node.handin_receipts import MAY_BE_LOST, UNKNOWN, follow_up, receipt
from village_node.services import ReceiptMayBeLost, TooManyGuesses, UnknownReceipt

CODE = "1234567890123456"
FAULT = {"error": "the node could not do it (OperationalError): see kentongan node doctor"}


class Box:
    """A connection to a box that answers one thing."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __getattr__(self, _name: str) -> Any:
        return lambda *_, **__: self.answer


def heard(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], wish: Any) -> Input | None:
    monkeypatch.setattr(node_desk, "HandIn", lambda folder: Box(answer))
    return NodeDesk(Path(), KeptBy.VILLAGE).fulfil(wish, {})


class Codes:
    """Receipts and follow-ups of a box that knows no code."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def look_up(self, _code: str) -> Any:
        raise self.error

    def add(self, *_: Any, **__: Any) -> Any:
        raise self.error


def test_a_fault_of_the_box_is_no_wrong_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(monkeypatch, FAULT, LookUp(CODE)) == NotTaken("away")


@pytest.mark.parametrize(
    ("error", "said", "why"),
    [(UnknownReceipt(), UNKNOWN, "unknown"), (ReceiptMayBeLost(), MAY_BE_LOST, "lost")],
)
@pytest.mark.parametrize("wish", [LookUp(CODE), Add(CODE, "x", False, "t"), Withdraw(CODE, 0, "t")])
def test_a_wrong_code_is_one_whatever_was_wished(
    monkeypatch: pytest.MonkeyPatch, wish: Any, error: Exception, said: str, why: str
) -> None:
    codes: Any = Codes(error)
    asked = {"code": CODE, "token": "t", "text": "x"}
    told = receipt(codes, CODE) if isinstance(wish, LookUp) else follow_up(codes, asked)
    assert told["error"] == said
    assert heard(monkeypatch, told, wish) == NotTaken(why)


def test_too_many_guesses_are_told_with_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: Any = Codes(TooManyGuesses(31))
    assert heard(monkeypatch, receipt(codes, CODE), LookUp(CODE)) == NotTaken("wait", 31)


def test_a_report_whose_photo_is_gone_does_not_go_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = {"receipt": CODE, "id": "1", "ref": None}
    assert heard(monkeypatch, taken, Submit({}, (1,), "t")) == NotTaken("refused")
