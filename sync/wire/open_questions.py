"""A question that the box's material does not answer, as a record of the report lane.

::

    question    u8 0x0B | u8 language and text model | text to the end

The language is the high half of the second byte, the text model its low half (see `text_models`). Nothing
tells who asked, and no time stands in it. A whole record has at most `QUESTION_MAX_BYTES`, so that it always
goes in one packet: what is longer is refused, never cut.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.wire.followups import write_text
from sync.wire.numbers import AskedIn, UpRecord
from sync.wire.text_models import TEXT_MODELS

QUESTION_MAX_BYTES = 160
QUESTION_MAX_CHARACTERS = 300
_HEAD_BYTES = 2


@dataclass(frozen=True, repr=False)
class Question:
    """What somebody asked and the material does not answer. No repr: it holds what somebody wrote."""

    text: str
    language: AskedIn = AskedIn.INDONESIAN


def encode_question(question: Question, written: tuple[int, bytes] | None = None) -> bytes:
    """Return the record; `written` is its text as `write_text` gave it.

    Raises ValueError for an empty question and for one that is too long: a shorter one must be asked for.
    """
    _check_text(question.text, ValueError)
    model, packed = written or write_text(question.text)
    if _HEAD_BYTES + len(packed) > QUESTION_MAX_BYTES:
        raise ValueError(f"the record of a question has at most {QUESTION_MAX_BYTES} bytes")
    return bytes([UpRecord.QUESTION, question.language << 4 | model]) + packed


def decode_question(record: bytes) -> Question:
    """Read a question; raise MalformedWire. Takes as long as its text model does."""
    if len(record) < _HEAD_BYTES or record[0] != UpRecord.QUESTION or len(record) > QUESTION_MAX_BYTES:
        raise MalformedWire("not a question")
    language, model = divmod(record[1], 16)
    if model not in TEXT_MODELS or language not in AskedIn.__members__.values():
        raise MalformedWire("a question with a language or a text model that is not known here")
    try:
        [text] = TEXT_MODELS[model].decode(record[_HEAD_BYTES:], 1)
    except (ValueError, LookupError, ArithmeticError) as error:
        raise MalformedWire("a question whose text cannot be read") from error
    _check_text(text, MalformedWire)
    return Question(text, AskedIn(language))


def _check_text(text: str, error: type[ValueError] | type[MalformedWire]) -> None:
    if not text.strip():
        raise error("a question has a text")
    if len(text) > QUESTION_MAX_CHARACTERS:
        raise error(f"a question has at most {QUESTION_MAX_CHARACTERS} characters")
