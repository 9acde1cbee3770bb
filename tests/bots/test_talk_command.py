"""A line in, replies out, over a real node."""

from __future__ import annotations

import json
import re
from pathlib import Path

from talking import Person, a_room
from village import VILLAGE, Region

from bots.desks.node_desk import NodeDesk
from bots.desks.patient_desk import PatientDesk
from bots.dialogue import talk
from bots.dialogue.contract import (
    Add,
    Answered,
    Ask,
    Done,
    KeptBy,
    LookUp,
    NotTaken,
    PassOn,
    Pressed,
    Reply,
    Said,
    SharedPosition,
    Submit,
    Taken,
    Withdraw,
)
from bots.rooms import village_of
from bots.talk_command import as_json, as_lines, converse, heard_in
from village_node.handin_server import HandInServer


def test_lines_are_words_presses_and_positions() -> None:
    assert heard_in("!go:report") == Pressed("go:report")
    assert heard_in("@-8.5,116.1") == SharedPosition(-850_000, 11_610_000)
    assert heard_in("@nan,1") == Said("@nan,1")
    assert heard_in("lapor") == Said("lapor")


def test_replies_are_printed_with_numbered_buttons_or_as_json() -> None:
    person = Person()
    person.says("/bahaya")
    assert "  1. Minta tolong sekarang" in as_lines(person.replies[-1])
    shown = as_json(person.replies[-1])
    assert shown["asks_position"] is True
    assert shown["buttons"][0][0]["value"] == "call"
    json.dumps(shown)


def test_a_box_that_is_away_is_asked_again_until_it_answers() -> None:
    asked: list[str] = []

    class Away:
        def fulfil(self, wish: object, files: object) -> Taken | NotTaken:
            asked.append("asked")
            return Taken("1234567890123456", KeptBy.VILLAGE) if len(asked) == 3 else NotTaken("away")

    wish = Submit({"kind": "other", "narrative": ""}, (), "t")
    assert isinstance(PatientDesk(Away(), 5, lambda: False).fulfil(wish, {}), Taken)
    assert len(asked) == 3
    asked.clear()
    assert isinstance(PatientDesk(Away(), 2, lambda: False).fulfil(wish, {}), NotTaken)
    assert len(asked) == 2


def test_a_conversation_over_a_real_node(tmp_path: Path) -> None:
    region = Region(tmp_path)
    try:
        region.create_hub()
        node = region.node()
        folder = region.node_folder()
        server = HandInServer(
            folder,
            node.reporting,
            node.desk,
            node.health.status,
            receipts=node.receipts,
            follow_ups=node.follow_ups,
            questions=node.questions,
        )
        assert village_of(folder) == VILLAGE
        desk = NodeDesk(folder, KeptBy.VILLAGE)
        told: list[str] = []

        def tell(replies: tuple[Reply, ...]) -> None:
            told.append("\n".join(reply.text for reply in replies))

        lines = ["/lapor", "1", "1", "Ada calo datang ke rumah.", "kirim", "kirim"]
        converse(lines, talk, a_room(village=village_of(folder)), desk, tell)
        found = re.search("[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}", told[-1])
        assert found is not None
        code = found.group().replace(" ", "")
        converse(["/cek", code], talk, a_room(), desk, tell)
        assert "Tersimpan di kotak ini" in told[-1]
        assert desk.fulfil(Add(code, "Lagi.", False, "one"), {}) == Done()
        assert desk.fulfil(Add(code, "Lagi.", False, "one"), {}) == Done()
        assert desk.fulfil(Withdraw(code, 0, "two"), {}) == Done()
        assert desk.fulfil(LookUp("1" * 16), {}) == NotTaken("unknown")
        answered = desk.fulfil(Ask("Berapa?", "id"), {})
        assert isinstance(answered, Answered)
        assert answered.title is None
        assert desk.fulfil(PassOn("Berapa?", "id", "three"), {}) == Done()
        assert desk.fulfil(PassOn("a" * 301, "id", "five"), {}) == NotTaken("refused")
        assert desk.fulfil(Submit({"kind": "x"}, (), "four"), {}) == NotTaken("refused")
        server.close()
    finally:
        region.close()
    assert desk.fulfil(LookUp(code), {}) == NotTaken("away")
    assert village_of(folder) == ""
