"""What another process on the machine does under a receipt code: look at its ladder, add, withdraw."""

from __future__ import annotations

import base64
from typing import Any

from sync.errors import AttachmentRefused
from sync.wire.attachments import MAX_ATTACHMENTS, Attachment, media_type_of
from sync.wire.numbers import WithdrawalReason
from village_node.follow_ups import FollowUps
from village_node.receipts import Receipts
from village_node.services import (
    BoxShutOut,
    FollowUpView,
    NotTaken,
    ReceiptMayBeLost,
    ReceiptView,
    StorageFull,
    TooManyFollowUps,
    TooManyGuesses,
    UnknownReceipt,
)

MAY_BE_LOST = (
    "no report of this node has that receipt code; its card has lost receipts once: it may have been given, "
    "report again and say so"
)
SHUT_OUT = (
    "the hub takes nothing from this box any more: nothing was kept; file it at another box or by telephone"
)
NOT_COMMITTED = "the store did not commit: nothing was kept; see kentongan node doctor"
UNKNOWN = "no report of this node has that receipt code: check the digits"


def shown(view: ReceiptView) -> dict[str, Any]:
    """Return what a receipt shows as JSON-ready fields: "ladder", "answers", and the others where there are
    any."""
    return {
        "ladder": [{"step": s.name, "reached": s.reached, "age_s": s.age_s} for s in view.ladder],
        "answers": [{"text": a.text, "asks": a.asks, "age_s": a.age_s} for a in view.answers],
        **({"follow_ups": [_follow_up(one) for one in view.follow_ups]} if view.follow_ups else {}),
        **({"files": view.files} if view.files != "none" else {}),
    }


def _follow_up(view: FollowUpView) -> dict[str, Any]:
    return {
        "withdraws": view.withdraws,
        "ladder": [{"step": s.name, "reached": s.reached, "age_s": s.age_s} for s in view.ladder],
    }


def receipt(receipts: Receipts, code: object) -> dict[str, Any]:
    """Return what `shown` returns, or {"error"}."""
    try:
        return shown(receipts.look_up(str(code)))
    except UnknownReceipt as unknown:
        return not_found(unknown)
    except TooManyGuesses as error:
        return {"error": f"too many wrong codes: wait {error.wait_s} s and try again"}


def not_found(unknown: UnknownReceipt) -> dict[str, Any]:
    """Return the answer to a code that leads to nothing. Where it may be lost it is not called "unknown": a
    bot would say that there is no such report."""
    if isinstance(unknown, ReceiptMayBeLost):
        return {"error": MAY_BE_LOST, "may_be_lost": True}
    return {"error": UNKNOWN, "unknown": True}


def follow_up(follow_ups: FollowUps, request: dict[str, Any]) -> dict[str, Any]:
    """Take an addition ("text", "urgent", "attachments") or a withdrawal ("withdraws": a number of
    `WithdrawalReason`) under "code"; return {"taken": True}, or {"error"}, with "refused" where asking again
    changes nothing. The same "token" is taken once."""
    token, code = request.get("token"), str(request.get("code"))
    if not isinstance(token, str) or not token:
        return {"error": 'a follow-up needs a "token", a text of its own by which it is taken once'}
    try:
        if "withdraws" in request:
            follow_ups.withdraw(code, WithdrawalReason(request["withdraws"]), form_token=token)
        else:
            follow_ups.add(
                code,
                str(request.get("text", "")),
                urgent=request.get("urgent") is True,
                question=None,
                form_token=token,
                attachments=attachments_of(request.get("attachments")),
            )
    except UnknownReceipt as unknown:
        return {**not_found(unknown), "refused": True}
    except TooManyGuesses as error:
        return {"error": f"too many wrong codes: wait {error.wait_s} s and try again"}
    except TooManyFollowUps:
        return {"error": "this report has as many follow-ups as one may have", "refused": True}
    except AttachmentRefused as refused:
        return {"error": str(refused), "refused": True}
    except StorageFull:
        return {"error": "the disk is full: nothing was kept; free some space and try again"}
    except NotTaken as why:
        return {"error": SHUT_OUT if isinstance(why, BoxShutOut) else NOT_COMMITTED}
    except ValueError:
        return {"error": "the text is too long, or the reason is none that is known", "refused": True}
    return {"taken": True}


def attachments_of(given: object) -> list[Attachment]:
    """Return files as they were handed in, {"type", "data"} each; raise AttachmentRefused."""
    form = AttachmentRefused('attachments are a list of {"type": "image/jpeg", "data": base64}')
    if given is None:
        return []
    if not isinstance(given, list):
        raise form
    if len(given) > MAX_ATTACHMENTS:
        raise AttachmentRefused(f"a report has at most {MAX_ATTACHMENTS} attachments")
    found = []
    for one in given:
        if not isinstance(one, dict) or one.keys() != {"type", "data"}:
            raise form
        if not all(isinstance(value, str) for value in one.values()):
            raise form
        try:
            content = base64.b64decode(one["data"], validate=True)
        except ValueError:
            raise form from None  # the cause could hold what was handed in
        found.append(Attachment(media_type_of(one["type"]), content))
    return found
