"""Commands and answers with a modem that says other things in between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.at_dialogue import (
    LONGEST_LINE,
    Answer,
    AtDialogue,
    Command,
    MessagePassed,
    MessageStored,
    Restarted,
)
from firmware_bridge.at_errors import Trouble


class Talk:
    """A dialogue with what it answered."""

    def __init__(self) -> None:
        self.dialogue = AtDialogue()
        self.answers: list[Answer] = []

    def ask(self, line: str, prefix: str | None = None, payload: bytes | None = None) -> None:
        self.dialogue.ask(Command(line, self.answers.append, prefix, 5.0, payload), 0.0)

    def hear(self, text: str, now: float = 1.0) -> None:
        self.dialogue.take_bytes(text.encode("latin-1"), now)

    def written(self) -> bytes:
        out = bytes(self.dialogue.outgoing)
        self.dialogue.outgoing.clear()
        return out


def test_one_command_at_a_time_in_order() -> None:
    talk = Talk()
    talk.ask("AT+CSQ", "+CSQ:")
    talk.ask("AT+CREG?", "+CREG:")
    assert talk.written() == b"AT+CSQ\r"
    talk.hear("\r\n+CSQ: 20,99\r\n\r\nOK\r\n")
    assert talk.written() == b"AT+CREG?\r"
    talk.hear("\r\n+CME ERROR: 10\r\n")
    assert talk.answers[0].lines == ("+CSQ: 20,99",)
    assert talk.answers[1].error is not None
    assert talk.answers[1].error.trouble is Trouble.NO_SIM
    assert talk.dialogue.is_idle


def test_echo_is_no_answer() -> None:
    talk = Talk()
    talk.ask("AT+CGMM")
    talk.hear("AT+CGMM\r\r\nE173\r\n\r\nOK\r\n")
    assert talk.answers == [Answer(("E173",))]


ANSWER = (
    "\r\n+CMGL: 1,0,,20\r\n00AA\r\n"
    '\r\n+CMTI: "SM",7\r\n'
    "\r\n^RSSI:18\r\n"
    "\r\n+CMT: ,20\r\n00BB\r\n"
    "\r\n+CREG: 2\r\n"
    "\r\nRING\r\n"
    "\r\n+CMGL: 2,1,,20\r\n00CC\r\n"
    '\r\n+CDSI: "SM",9\r\n'
    "\r\nOK\r\n"
)


@given(st.lists(st.integers(0, len(ANSWER)), max_size=12))
def test_what_comes_unasked_in_the_middle_of_an_answer_is_told_apart_however_it_is_cut(
    cuts: list[int],
) -> None:
    talk = Talk()
    talk.ask("AT+CMGL=4", "+CMGL:")
    edges = [0, *sorted(cuts), len(ANSWER)]
    for start, end in zip(edges, edges[1:], strict=False):
        talk.hear(ANSWER[start:end])
    assert talk.answers == [Answer(("+CMGL: 1,0,,20", "00AA", "+CMGL: 2,1,,20", "00CC"))]
    assert talk.dialogue.events == [MessageStored("SM", 7), MessagePassed("00BB"), MessageStored("SM", 9)]


def test_an_answer_about_the_network_is_not_taken_for_news_of_it() -> None:
    talk = Talk()
    talk.ask("AT+CREG?", "+CREG:")
    talk.hear("\r\n+CREG: 5\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n")
    assert talk.answers == [Answer(("+CREG: 0,1",))]


def test_a_message_is_written_only_after_the_prompt() -> None:
    talk = Talk()
    talk.ask("AT+CMGS=20", "+CMGS:", b"00FF")
    assert talk.written() == b"AT+CMGS=20\r"
    talk.hear("AT+CMGS=20\r")
    assert talk.written() == b""
    talk.hear("\r\n>")
    assert talk.written() == b"00FF\x1a"
    talk.hear(" 00FF\x1a\r\n\r\n+CMGS: 5\r\n\r\nOK\r\n")
    assert talk.answers == [Answer(("+CMGS: 5",))]


def test_a_refusal_in_place_of_the_prompt_ends_the_command() -> None:
    talk = Talk()
    talk.ask("AT+CMGS=20", "+CMGS:", b"00FF")
    talk.hear("\r\n+CMS ERROR: 310\r\n")
    assert not talk.answers[0].may_have_acted
    assert b"00FF" not in talk.written()


def test_a_prompt_that_does_not_come_is_called_off() -> None:
    talk = Talk()
    talk.ask("AT+CMGS=20", "+CMGS:", b"00FF")
    talk.written()
    talk.dialogue.handle_timers(4.9)
    assert talk.answers == []
    talk.dialogue.handle_timers(5.0)
    assert talk.written() == b"\x1b"
    assert talk.answers[0].error is not None
    assert not talk.answers[0].may_have_acted


def test_a_message_without_an_answer_may_have_been_sent() -> None:
    talk = Talk()
    talk.ask("AT+CMGS=20", "+CMGS:", b"00FF")
    talk.hear("\r\n> ")
    talk.dialogue.handle_timers(5.0)
    assert talk.answers[0].may_have_acted
    assert talk.dialogue.timed_out == 1


def test_a_restart_is_told_and_all_commands_end_without_an_answer() -> None:
    for line in ("RDY", "^SYSSTART", "NORMAL POWER DOWN"):
        talk = Talk()
        talk.ask("AT+CSQ", "+CSQ:")
        talk.ask("AT+CREG?", "+CREG:")
        talk.hear(f"\r\n{line}\r\n")
        assert talk.dialogue.events == [Restarted()]
        talk.dialogue.drop_all()
        assert [answer.error is not None for answer in talk.answers] == [True, True]


def test_an_endless_line_costs_only_itself() -> None:
    talk = Talk()
    talk.ask("AT+CSQ", "+CSQ:")
    talk.hear("x" * (3 * LONGEST_LINE) + "\r\n+CSQ: 9,99\r\n\r\nOK\r\n")
    assert talk.answers == [Answer(("+CSQ: 9,99",))]


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_noise_ends_nothing(pieces: list[bytes]) -> None:
    talk = Talk()
    talk.ask("AT+CMGL=4", "+CMGL:")
    talk.ask("AT+CMGS=20", "+CMGS:", b"00FF")
    for piece in pieces:
        talk.dialogue.take_bytes(piece, 1.0)
    assert len(talk.answers) <= 2
