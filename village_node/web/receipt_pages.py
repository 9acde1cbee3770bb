"""The pages on which a receipt code shows how far its report has come."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from sync.identifiers import receipt_code_digits, spaced_receipt_code
from village_node.services import (
    Answer,
    FilesState,
    FollowUpView,
    LadderStep,
    PublicServices,
    ReceiptMayBeLost,
    ReceiptView,
    StepName,
    TooManyGuesses,
    UnknownReceipt,
)
from village_node.web.ages import age_in_words, wait_in_words
from village_node.web.languages import N_, translate
from village_node.web.pictures import NAMES

STEP_TEXTS: dict[StepName, str] = {
    "saved": "Tersimpan di kotak ini",
    "on_its_way": "Dalam perjalanan ke petugas",
    "received": "Sampai di kantor petugas",
    "read": "Dibaca petugas",
    "acted_on": "Ditindaklanjuti petugas",
}


@dataclass(frozen=True)
class Problem:
    """Why a code opened nothing; `asks_again` is false when trying again at once is no use."""

    heading: str
    sentences: tuple[str, ...]
    about_code: bool = True


_WRONG_SHAPE = Problem(
    "Nomor tidak lengkap",
    ("Tulis 16 angka. Contoh: 1234 5678 9012 3456.", "Spasi, titik dan tanda hubung boleh."),
)
UNKNOWN = Problem(
    "Nomor tidak ditemukan",
    (
        "Mungkin ada angka yang salah ketik. Periksa satu per satu.",
        "Mungkin laporannya dikirim di desa lain. Nomor hanya bisa dicek di kotak tempat laporan dikirim.",
    ),
)
MAY_BE_LOST = Problem(
    "Nomor tidak bisa dicek lagi di kotak ini",
    (
        "Kartu kotak ini pernah rusak. Sebagian catatan hilang.",
        "Kalau nomor Anda benar, laporan Anda mungkin ikut hilang, mungkin juga sudah sampai di petugas.",
        "Lapor sekali lagi, dan tulis bahwa Anda sudah pernah lapor.",
    ),
)
_UNKNOWN_PICTURES = Problem(
    "Gambar tidak ditemukan",
    (
        "Mungkin urutannya salah. Coba sekali lagi dari gambar pertama.",
        "Kalau tetap tidak ditemukan, pakai 16 angka.",
    ),
    about_code=False,
)
PROBLEMS = (_WRONG_SHAPE, UNKNOWN, MAY_BE_LOST, _UNKNOWN_PICTURES)
PICTURES_OF_A_RECEIPT = 4
_NUMBERS = {str(number) for number in range(len(NAMES))}


def create_receipt_pages(services: PublicServices) -> Blueprint:
    """Build the pages behind a receipt code. The code travels in request bodies only."""
    pages = Blueprint("receipt", __name__)

    @pages.get("/nomor")
    def ask_code() -> Response:
        return ask_page(200)

    @pages.post("/gambar")
    def pick_pictures() -> Response:
        picked = [int(text) for text in request.form.getlist("picked") if text in _NUMBERS]
        if len(picked) < PICTURES_OF_A_RECEIPT:
            return Response(render_template("pictures.html", picked=picked, problem=None))
        try:
            view = services.look_up_pictures(tuple(picked[:PICTURES_OF_A_RECEIPT]))
        except UnknownReceipt as unknown:
            problem = MAY_BE_LOST if isinstance(unknown, ReceiptMayBeLost) else _UNKNOWN_PICTURES
            return Response(render_template("pictures.html", picked=[], problem=problem), 404)
        except TooManyGuesses as refused:
            page = render_template("pictures.html", picked=[], problem=_too_many(refused.wait_s))
            return Response(page, 429, {"Retry-After": str(max(1, refused.wait_s))})
        return _status_page(view, by_pictures=True)

    @pages.post("/nomor")
    def show_status() -> Response:
        typed = request.form.get("code", "")
        code = receipt_code_digits(typed)
        # The same page in another language spends no guess.
        asks = request.form.get("go") == "ask"
        if code is None or asks:
            return ask_page(200, typed) if asks else ask_page(422, typed, _WRONG_SHAPE)
        try:
            view = services.look_up(code)
        except UnknownReceipt as unknown:
            return say_unknown(code, unknown)
        except TooManyGuesses as refused:
            return refuse_guess(typed, refused)
        return _status_page(view, code=code)

    return pages


def say_unknown(code: str, unknown: UnknownReceipt) -> Response:
    """Show that no report is found, or that this box cannot know, and ask again."""
    problem = MAY_BE_LOST if isinstance(unknown, ReceiptMayBeLost) else UNKNOWN
    # In groups, so that it can be compared with the paper.
    return ask_page(404, spaced_receipt_code(code), problem)


def refuse_guess(typed: str, refused: TooManyGuesses) -> Response:
    """Show how long to wait before another code is tried."""
    response = ask_page(429, typed, _too_many(refused.wait_s))
    response.headers["Retry-After"] = str(max(1, refused.wait_s))
    return response


def _status_page(view: ReceiptView, *, code: str = "", by_pictures: bool = False) -> Response:
    page = render_template(
        "receipt_status.html",
        code=code,
        files=view.files,
        withdrawn=view.withdrawn,
        follow_ups=_follow_up_lines(view),
        steps=[_step_line(step) for step in view.ladder],
        answers=[_answer_lines(answer) for answer in in_time_order(view.answers)],
        sound_name=_sound_name(view),
        by_pictures=by_pictures,
    )
    return Response(page)


@dataclass(frozen=True)
class StepLine:
    """One step as it is drawn."""

    text: str
    reached: bool
    age: str


def _step_line(step: LadderStep) -> StepLine:
    age = age_in_words(step.age_s) if step.reached and step.age_s is not None else ""
    return StepLine(STEP_TEXTS[step.name], step.reached, age)


@dataclass(frozen=True)
class FollowUpLine:
    """An addition or the withdrawal as it is drawn: how far it is, since when, and its pictures or sounds."""

    withdraws: bool
    number: int
    text: str
    age: str
    files: FilesState


def _follow_up_lines(view: ReceiptView) -> list[FollowUpLine]:
    lines = []
    for number, one in enumerate((o for o in view.follow_ups if not o.withdraws), start=1):
        lines.append(_follow_up_line(one, number))
    return [_follow_up_line(one, 0) for one in view.follow_ups if one.withdraws] + lines


def _follow_up_line(one: FollowUpView, number: int) -> FollowUpLine:
    reached = [_step_line(step) for step in one.ladder if step.reached]
    last = reached[-1] if reached else _step_line(one.ladder[0])
    return FollowUpLine(one.withdraws, number, last.text, last.age, one.files)


def _sound_name(view: ReceiptView) -> str:
    reached = sum(step.reached for step in view.ladder)
    return f"status-{reached}-answer" if view.answers else f"status-{reached}"


@dataclass(frozen=True)
class AnswerLines:
    """One answer as it is drawn; the lines are kept apart so that text browsers show them too."""

    heading: str
    age: str
    lines: list[str]
    asks: bool
    question: int
    """By this a reply names it."""


def _answer_lines(answer: Answer) -> AnswerLines:
    heading = N_("Pertanyaan dari petugas") if answer.asks else N_("Jawaban dari petugas")
    age = "" if answer.age_s is None else age_in_words(answer.age_s)
    return AnswerLines(heading, age, answer.text.splitlines(), answer.asks, answer.written_at_s)


def in_time_order(answers: tuple[Answer, ...]) -> list[Answer]:
    """Return the answers with the newest last.

    Where an age is unknown, only the order in which they were given is known, and it is kept.
    """
    ages = [answer.age_s for answer in answers if answer.age_s is not None]
    if len(ages) < len(answers):
        return list(answers)
    return sorted(answers, key=lambda answer: -(answer.age_s or 0))


def _too_many(wait_s: int) -> Problem:
    return Problem(
        N_("Terlalu banyak nomor salah"),
        (
            translate("Tunggu %(wait)s, lalu coba lagi.", wait=wait_in_words(wait_s)),
            N_("Ini untuk menjaga agar orang lain tidak menebak-nebak."),
        ),
        about_code=False,
    )


def ask_page(status: int, typed: str = "", problem: Problem | None = None) -> Response:
    """Show the page that asks for a code."""
    return Response(render_template("receipt_ask.html", typed=typed, problem=problem), status)
