"""Numbers under which lessons and quizzes travel in the summary of a session. Only ever appended.

What has no number here (material newer than this program) travels as number 0.
"""

from __future__ import annotations

import hashlib

from content.quiz import Quiz

LESSON_NUMBERS = {
    "perekrut": 1,
    "dokumen": 2,
    "biaya": 3,
    "kontrak": 4,
    "kerja_daring": 5,
    "kapal_ikan": 6,
    "anak_dan_pengantin": 7,
    "di_luar_negeri": 8,
    "menolong_korban": 9,
}
QUIZ_NUMBERS = {"tawaran": 1, "surat_dan_uang": 2, "tanda_bahaya": 3, "menolong": 4}
LESSONS_BY_NUMBER = {number: key for key, number in LESSON_NUMBERS.items()}
QUIZZES_BY_NUMBER = {number: key for key, number in QUIZ_NUMBERS.items()}


def questions_check(quiz: Quiz) -> int:
    """Return a byte that changes with the questions, their order or their right answers.

    Where it differs from that of one's own material, the counts must not be shown beside one's own questions.
    """
    said = "\n".join(f"{question.key} {question.answer}" for question in quiz.questions)
    return hashlib.sha256(said.encode("utf-8")).digest()[0]
