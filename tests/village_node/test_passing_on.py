"""Questions on their way to the hub: taken once, a few a day, never cut."""

from __future__ import annotations

import pytest
from village import Region

from sync.storage.writer import StorageError
from village_node.passing_on import A_DAY, DAY_S, PassingOn, QuestionTooLong, TooManyQuestions, pass_on
from village_node.services import NotTaken
from village_node.wiring import Node

ASKED = "apa boleh cuti melahirkan di hongkong"


@pytest.fixture
def node(region: Region) -> Node:
    return region.node()


def test_a_question_waits_for_the_hub_and_counts_once(node: Node) -> None:
    for _ in range(2):
        node.questions.send(ASKED, "id", token="one")
    assert node.log.pending_count() == 1


def test_a_box_passes_on_a_few_a_day_and_goes_on_the_next(region: Region, node: Node) -> None:
    for number in range(A_DAY):
        node.questions.send(f"{ASKED} {number}", "id", token=str(number))
    with pytest.raises(TooManyQuestions):
        node.questions.send(ASKED, "id", token="more")
    assert node.log.pending_count() == A_DAY
    region.clock.advance(DAY_S)
    node.questions.send(ASKED, "id", token="more")
    assert node.log.pending_count() == A_DAY + 1


def test_a_restart_starts_no_new_day(region: Region, node: Node) -> None:
    for number in range(A_DAY):
        node.questions.send(f"{ASKED} {number}", "id", token=str(number))
    again = region.restart_node()
    with pytest.raises(TooManyQuestions):
        again.questions.send(ASKED, "id", token="more")


@pytest.mark.parametrize("text", ["a" * 301, "".join(chr(0x4E00 + 7 * n) for n in range(100)), "\ud800"])
def test_what_is_too_long_is_refused_and_nothing_is_kept(node: Node, text: str) -> None:
    with pytest.raises(QuestionTooLong):
        node.questions.send(text, "id", token="one")
    assert node.log.pending_count() == 0
    node.questions.send(ASKED, "id", token="one")


def test_what_the_store_did_not_commit_does_not_count(node: Node) -> None:
    def broken(record: bytes, also: object) -> None:
        raise NotTaken from StorageError()

    questions = PassingOn(node.log, node.times, node.encoder, broken)
    with pytest.raises(NotTaken):
        questions.send(ASKED, "id", token="one")
    assert node.log.number("questions_sent") == 0


def test_the_socket_says_what_became_of_it(node: Node) -> None:
    asked = {"op": "question", "text": ASKED, "language": "en", "token": "one"}
    assert pass_on(node.questions, asked) == {"taken": True}
    assert pass_on(node.questions, {**asked, "token": ""})["error"].startswith("a question needs")
    assert pass_on(node.questions, {**asked, "text": " ", "token": "two"})["refused"]
    for number in range(A_DAY - 1):
        node.questions.send(f"{ASKED} {number}", "id", token=str(number))
    refused = pass_on(node.questions, {**asked, "token": "three"})
    assert refused == {"error": f"this box passes on at most {A_DAY} questions a day", "refused": True}
