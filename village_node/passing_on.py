"""Questions that the material does not answer, on their way to the hub: sealed at once, a few a day.

Nothing about who asked is taken. They wait as ordinary reports do and go behind nothing that is urgent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sync.wire.numbers import AskedIn
from sync.wire.open_questions import QUESTION_MAX_CHARACTERS, Question, encode_question
from village_node.encoding import ReportEncoder
from village_node.log import NodeLog
from village_node.services import NotTaken
from village_node.taking import OneUseForms
from village_node.timekeeping import TimeKeeper

A_DAY = 12
"""Questions of one box in one day: two kilobytes of a link that others need too."""
DAY_S = 86_400
LANGUAGES = {
    "id": AskedIn.INDONESIAN,
    "en": AskedIn.ENGLISH,
    "jv": AskedIn.JAVANESE,
    "su": AskedIn.SUNDANESE,
    "sas": AskedIn.SASAK,
    "mad": AskedIn.MADURESE,
}
"""By the tags of the site and of the bots."""
_DAY, _SENT = "questions_day", "questions_sent"

Send = Callable[[bytes, Callable[[], None]], None]


class QuestionRefused(Exception):
    """The question was not taken, and asking again as it is changes nothing."""


class QuestionTooLong(QuestionRefused):
    """It does not go in one packet, and none is cut."""


class TooManyQuestions(QuestionRefused):
    """The box sent as many today as it may."""


class PassingOn:
    """Takes questions from the site and the socket. `send` is `Reporting.send`. Threads may share it."""

    def __init__(self, log: NodeLog, times: TimeKeeper, encoder: ReportEncoder, send: Send) -> None:
        self._log = log
        self._times = times
        self._encoder = encoder
        self._send = send
        self._forms: OneUseForms[bool] = OneUseForms()

    def send(self, text: str, language: str, *, token: str) -> None:
        """Seal and commit a question; the same `token` is taken once. A language that is not known counts as
        Indonesian.

        Raises QuestionRefused, QuestionTooLong or TooManyQuestions, or NotTaken: then nothing was kept.
        """
        self._forms.take(token, lambda _: self._take(" ".join(text.split()), language))

    def _take(self, text: str, language: str) -> bool:
        if not text:
            raise QuestionRefused
        if len(text) > QUESTION_MAX_CHARACTERS:
            raise QuestionTooLong
        self._refuse_too_many()
        question = Question(text, LANGUAGES.get(language, AskedIn.INDONESIAN))
        try:
            record = encode_question(question, self._encoder.write_text(text))
        except ValueError:  # also what is no text, such as half a surrogate pair
            raise QuestionTooLong from None
        self._send(record, self._count)
        return True

    def _today(self) -> int:
        """Return a number of the day; a box that knows no date counts each start's days, below nothing."""
        now = self._times.stamp()
        return -(now.boot * 1000 + now.mono_s // DAY_S) if now.wall_s is None else now.wall_s // DAY_S

    def _sent_today(self) -> int:
        return self._log.number(_SENT) if self._log.number(_DAY) == self._today() else 0

    def _refuse_too_many(self) -> None:
        if self._sent_today() >= A_DAY:
            raise TooManyQuestions

    def _count(self) -> None:
        """In the transaction of the envelope, so that two at once cannot pass the limit."""
        self._refuse_too_many()
        sent = self._sent_today() + 1
        self._log.set_number(_DAY, self._today())
        self._log.set_number(_SENT, sent)


def pass_on(questions: PassingOn, request: dict[str, Any]) -> dict[str, Any]:
    """Take a question of the socket ("text", "language", "token"); return {"taken": True}, or {"error"}, with
    "refused" where asking again changes nothing."""
    text, language, token = (request.get(name) for name in ("text", "language", "token"))
    if not isinstance(token, str) or not token or not isinstance(text, str) or not isinstance(language, str):
        return {
            "error": 'a question needs "text", "language" and a "token" of its own by which it is taken once'
        }
    try:
        questions.send(text, language, token=token)
    except TooManyQuestions:
        return {"error": f"this box passes on at most {A_DAY} questions a day", "refused": True}
    except QuestionRefused:
        return {
            "error": f"a question has 1 to {QUESTION_MAX_CHARACTERS} letters and fits one packet",
            "refused": True,
        }
    except NotTaken:
        return {"error": "the store did not commit: nothing was kept; see kentongan node doctor"}
    return {"taken": True}
