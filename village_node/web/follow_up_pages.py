"""More under a code: an addition with pictures and sound, or a withdrawal. Reached from the status page.

The code travels in the body of a POST and these pages answer nothing else, so no address and no history tells
of them. A duress code is thanked like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from sync.identifiers import receipt_code_digits
from sync.wire.followups import ADDITION_MAX_CHARACTERS
from sync.wire.numbers import WithdrawalReason
from village_node.services import (
    BoxShutOut,
    NotTaken,
    PublicServices,
    StorageFull,
    TooManyFollowUps,
    TooManyGuesses,
    UnknownReceipt,
)
from village_node.web.forms import dotted
from village_node.web.guards import log_failure
from village_node.web.languages import translate
from village_node.web.notices import (
    BOX_SHUT_OUT,
    FILES_REFUSED,
    NOT_SURE,
    NOT_TAKEN,
    NOTHING_WRITTEN,
    SEND_ONCE_MORE,
    STORAGE_FULL,
    TOO_MANY,
    Notice,
)
from village_node.web.receipt_pages import ask_page, refuse_guess, say_unknown
from village_node.web.report_pages import usable_token
from village_node.web.uploads import FILE_FIELDS, LABELS, UploadDesk, Uploads, was_cut

REASONS = (
    (WithdrawalReason.NOT_SAID, "Tidak mau menjawab"),
    (WithdrawalReason.MISTAKE, "Salah atau keliru kirim"),
    (WithdrawalReason.FEAR, "Saya takut, atau diancam"),
    (WithdrawalReason.SETTLED, "Masalahnya sudah selesai"),
    (WithdrawalReason.OTHER, "Alasan lain"),
)
_REASONS = {str(int(reason)): reason for reason, _ in REASONS}


@dataclass(frozen=True)
class _Form:
    """What the page of an addition sends."""

    code: str
    token: str | None
    text: str
    urgent: bool
    question: str

    @property
    def question_number(self) -> int | None:
        """When the question was written that this answers; nonsense is no question."""
        is_number = self.question.isascii() and self.question.isdecimal() and len(self.question) <= 10
        number = int(self.question) if is_number else 0
        return number if 0 < number < 2**32 else None


def create_follow_up_pages(services: PublicServices, uploads: UploadDesk) -> Blueprint:
    """Build the pages behind the status page."""
    pages = Blueprint("follow_up", __name__)

    @pages.post("/lanjut")
    def add() -> Response:
        code = receipt_code_digits(request.form.get("code", ""))
        if code is None:
            return ask_page(200)
        form = _Form(
            code,
            usable_token(request.form),
            request.form.get("text", "").replace("\r\n", "\n"),
            request.form.get("urgent") == "yes",
            request.form.get("question", ""),
        )
        # A button comes last in a body: one that was cut for its size, or for others' files, has lost it.
        if request.form.get("go") == "send" or was_cut(request):
            return _add(services, uploads, form)
        return _add_page(services, form)

    @pages.post("/batal")
    def withdraw() -> Response:
        code = receipt_code_digits(request.form.get("code", ""))
        if code is None:
            return ask_page(200)
        token = usable_token(request.form)
        if request.form.get("go") == "send" and token is not None:
            return _withdraw(services, code, token)
        return _withdraw_page(code, token or services.new_form_token())

    return pages


def _add(services: PublicServices, desk: UploadDesk, form: _Form) -> Response:
    if form.token is None:
        return _add_page(services, form, 422, SEND_ONCE_MORE)
    files = desk.take(request, form.token)
    if files.problems:
        return _add_page(services, form, 422, FILES_REFUSED, files)
    desk.keep(form.token, files)
    if not form.text.strip() and not files.good:
        return _add_page(services, form, 422, NOTHING_WRITTEN, files)
    if len(form.text) > ADDITION_MAX_CHARACTERS:
        return _add_page(services, form, 422, None, files)
    try:
        services.add_to_report(
            form.code,
            form.text,
            urgent=form.urgent,
            question=form.question_number,
            form_token=form.token,
            attachments=files.attachments,
        )
    except (UnknownReceipt, TooManyGuesses) as refused:
        return _not_opened(form.code, refused)
    except StorageFull:
        return _add_page(services, form, 507, STORAGE_FULL, files)
    except TooManyFollowUps:
        return _add_page(services, form, 422, TOO_MANY, files)
    except NotTaken as why:
        return _add_page(services, form, 503, _not_taken(why), files)
    except Exception as failure:  # what was typed must not be lost through a fault of ours
        log_failure(failure)
        return _add_page(services, form, 500, NOT_SURE, files)
    desk.forget(form.token)
    return Response(render_template("added.html", code=form.code, urgent=form.urgent))


def _add_page(
    services: PublicServices,
    form: _Form,
    status: int = 200,
    notice: Notice | None = None,
    files: Uploads | None = None,
) -> Response:
    too_long = ""
    if len(form.text) > ADDITION_MAX_CHARACTERS:
        too_long = translate(
            "Terlalu panjang: %(length)s huruf. Paling banyak %(most)s huruf.",
            length=dotted(len(form.text)),
            most=dotted(ADDITION_MAX_CHARACTERS),
        )
    page = render_template(
        "add.html",
        form=form,
        token=form.token or services.new_form_token(),
        notice=notice,
        too_long=too_long,
        file_fields=FILE_FIELDS,
        labels=LABELS,
        held=[] if files is None else list(files.good),
        problems={} if files is None else files.problems,
    )
    return Response(page, status)


def _withdraw(services: PublicServices, code: str, token: str) -> Response:
    reason = _REASONS.get(request.form.get("reason", ""), WithdrawalReason.NOT_SAID)
    try:
        services.withdraw_report(code, reason, form_token=token)
    except (UnknownReceipt, TooManyGuesses) as refused:
        return _not_opened(code, refused)
    except StorageFull:
        return _withdraw_page(code, token, 507, STORAGE_FULL)
    except NotTaken as why:
        return _withdraw_page(code, token, 503, _not_taken(why))
    return Response(render_template("withdrawn.html", code=code))


def _not_taken(why: NotTaken) -> Notice:
    return BOX_SHUT_OUT if isinstance(why, BoxShutOut) else NOT_TAKEN


def _withdraw_page(code: str, token: str, status: int = 200, notice: Notice | None = None) -> Response:
    page = render_template("withdraw.html", code=code, token=token, reasons=REASONS, notice=notice)
    return Response(page, status)


def _not_opened(code: str, refused: UnknownReceipt | TooManyGuesses) -> Response:
    if isinstance(refused, TooManyGuesses):
        return refuse_guess(code, refused)
    return say_unknown(code, refused)
