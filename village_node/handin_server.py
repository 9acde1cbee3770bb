"""The Unix socket by which bots, SMS and `node submit` hand in reports (see `sync.handin`)."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from content.errors import ContentRefused
from sync.errors import AttachmentRefused, MalformedWire, ReportRefused
from sync.handin import MAX_LINE_BYTES, SOCKET_NAME
from sync.line_socket import LineServer
from sync.records import check_report
from village_node.bot_turn import BotTurn
from village_node.content_desk import ContentDesk
from village_node.content_store import NothingToGoBackTo
from village_node.follow_ups import FollowUps
from village_node.handin_receipts import SHUT_OUT, attachments_of, follow_up, receipt
from village_node.link_desk import LinkDesk
from village_node.passing_on import PassingOn, pass_on
from village_node.receipts import Receipts
from village_node.reporting import Reporting
from village_node.services import BoxShutOut, NotTaken, StorageFull
from village_node.subscribing import Subscribing, subscribe

_log = logging.getLogger(__name__)
NOTHING_FOR_US = (
    "nothing in this file is for this node: it is another village's or another hub's, "
    "or older than what the node has"
)
OPERATIONS = (
    "submit",
    "taken",
    "bot-turn",
    "receipt",
    "follow-up",
    "status",
    "courier-export",
    "courier-import",
    "content",
    "content-rollback",
    "content-import",
    "question",
    "subscription",
)


def submit(
    reporting: Reporting,
    report: object,
    ref: object,
    *,
    patient: bool,
    attachments: object = None,
    token: str | None = None,
) -> dict[str, Any]:
    """Check and take one report; return the reply line of the socket and of `node submit`.

    `patient`: it is one of a file, and nobody waits for it alone. `attachments`: None, or a list of
    {"type", "data"} with the bytes in base64. Bytes alone: no path is taken from whoever hands in. With the
    same `token` it is taken once; the receipt is then None if that was before a restart of the node.
    """
    try:
        checked = check_report(report)
    except ReportRefused as refused:
        problems = [{"field": p.field, "allowed": p.allowed_en} for p in refused.problems]
        return {"error": "the report breaks the schema", "problems": problems, "refused": True, "ref": ref}
    try:
        taken = reporting.take_report(
            checked, form_token=token, patient=patient, attachments=attachments_of(attachments)
        )
    except AttachmentRefused as refused:
        return {"error": str(refused), "refused": True, "ref": ref}
    except StorageFull:
        return {"error": "the disk is full: nothing was kept; free some space and try again", "ref": ref}
    except BoxShutOut:
        return {"error": SHUT_OUT, "ref": ref}
    except NotTaken:
        return {"error": "the store did not commit: nothing was kept; see kentongan node doctor", "ref": ref}
    return {"receipt": taken.code, "id": taken.envelope_id, "ref": ref}


def taken_under(reporting: Reporting, token: object) -> dict[str, Any]:
    """Return {"receipt", "id"} of the report that was taken under a token, or {"error"}. The receipt is None
    where that was before a restart of the node."""
    taken = reporting.taken_under(token) if isinstance(token, str) else None
    if taken is None:
        return {"error": "no report was taken under this token"}
    return {"receipt": taken.code, "id": taken.envelope_id}


def courier_export(desk: LinkDesk) -> dict[str, Any]:
    """Return a courier bundle, and whether something waits as far as the village may see."""
    waiting = desk.shows_waiting()
    bundle = desk.up_bundle()
    desk.carried(bundle)
    return {"bundle": base64.b64encode(bundle.data).decode("ascii"), "waiting": waiting}


def courier_import(desk: LinkDesk, bundle: object) -> dict[str, Any]:
    """Apply a courier bundle from the hub; a damaged one changes nothing."""
    try:
        applied = desk.apply_down_bundle(base64.b64decode(str(bundle), validate=True))
    except (ValueError, MalformedWire) as error:
        return {"error": str(error) if isinstance(error, MalformedWire) else "the bundle is not base64"}
    if not applied.authentic and not applied.content:
        return {"error": NOTHING_FOR_US}
    return {"receipts": applied.receipts, "receipted": applied.receipted, "arrived": applied.arrived}


def content_status(content: ContentDesk) -> dict[str, Any]:
    """Return which material is shown."""
    return content.status()


def content_rollback(content: ContentDesk) -> dict[str, Any]:
    """Go back to the version before."""
    try:
        return {"version": content.roll_back()}
    except NothingToGoBackTo:
        return {"error": "the material that was shipped is in use: there is none before it"}
    except OSError as error:
        return {"error": f"the card did not take it ({error.strerror}): nothing changed"}


def content_import(content: ContentDesk, pack: object) -> dict[str, Any]:
    """Use a pack of material; one that is not newer, signed and whole changes nothing."""
    try:
        return {"version": content.import_pack(base64.b64decode(str(pack), validate=True))}
    except ValueError:
        return {"error": "the pack is not base64"}
    except ContentRefused as refused:
        return {"error": str(refused)}


class HandInServer:
    """Listens in the node's folder; a thread a connection, for the box's own few processes."""

    def __init__(
        self,
        folder: Path,
        reporting: Reporting,
        desk: LinkDesk,
        status: Callable[[], dict[str, Any]],
        content: ContentDesk | None = None,
        receipts: Receipts | None = None,
        follow_ups: FollowUps | None = None,
        bot_turn: BotTurn | None = None,
        questions: PassingOn | None = None,
        subscribing: Subscribing | None = None,
    ) -> None:
        self._reporting = reporting
        self._answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "submit": self._submit,
            "taken": lambda request: taken_under(reporting, request.get("token")),
            "status": lambda _: status(),
            "courier-export": lambda _: courier_export(desk),
            "courier-import": lambda request: courier_import(desk, request.get("bundle")),
        }
        if receipts is not None and follow_ups is not None:
            self._answers["receipt"] = lambda request: receipt(receipts, request.get("code"))
            self._answers["follow-up"] = lambda request: follow_up(follow_ups, request)
        if bot_turn is not None:
            self._answers["bot-turn"] = lambda request: bot_turn.ask(request.get("wish"))

        if questions is not None:
            self._answers["question"] = lambda request: pass_on(questions, request)
        if subscribing is not None:
            self._answers["subscription"] = lambda request: subscribe(subscribing, request)
        if content is not None:
            self._answers["content"] = lambda _: content_status(content)
            self._answers["content-rollback"] = lambda _: content_rollback(content)
            self._answers["content-import"] = lambda request: content_import(content, request.get("pack"))
        self._server = LineServer(
            folder,
            SOCKET_NAME,
            lambda line: json.dumps(self._reply(line)).encode(),
            max_line_bytes=MAX_LINE_BYTES,
        )

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _reply(self, line: bytes) -> dict[str, Any]:
        try:
            return self._answer(line)
        except Exception as error:
            # The store or a fault of ours: the text could hold what was handed in.
            _log.error("fault while handing in: %s", type(error).__name__)
            return {"error": f"the node could not do it ({type(error).__name__}): see kentongan node doctor"}

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        operation = request.get("op") if isinstance(request, dict) else None
        answer = self._answers.get(operation) if isinstance(operation, str) else None
        if answer is None:
            return {"error": f'a request is one JSON line with "op", one of {", ".join(OPERATIONS)}'}
        return answer(request)

    def _submit(self, request: dict[str, Any]) -> dict[str, Any]:
        return submit(
            self._reporting,
            request.get("report"),
            request.get("ref"),
            patient=request.get("patient") is True,
            attachments=request.get("attachments"),
            token=None if request.get("token") is None else str(request["token"]),
        )
