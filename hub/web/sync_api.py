"""What nodes and gateways talk to over HTTPS: bytes in, bytes out, no page and no cookie."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from hub.bot_turns import BotTurns
from hub.joined_desk import AtTheDesk, JoinedDesk
from hub.link_desk import HubDesk, UnknownSender
from sync.carriers.https import (
    BOT_TURN_PATH,
    CONTENT_TYPE,
    EXCHANGE_PATH,
    FRAMES_PATH,
    HEALTH_PATH,
    RELEASE_PATH,
)
from sync.errors import MalformedWire, SealBroken
from sync.storage.writer import StorageError

RETRY_AFTER_S = 60
"""When to ask again for what only the desk answers."""


def create_sync_blueprint(
    desk: HubDesk | JoinedDesk,
    turns: BotTurns,
    wall_s: Callable[[], float],
    health: Callable[[bytes, float], None],
    release: Callable[[bytes], bytes],
) -> Blueprint:
    """Return the blueprint over a desk, the turns of bots, who keeps beacons and who hands out releases."""
    pages = Blueprint("sync", __name__)

    @pages.post(EXCHANGE_PATH)
    def exchange() -> Response:
        bundle, _ = desk.exchange(request.get_data(cache=False), via="http")
        return Response(bundle, content_type=CONTENT_TYPE)

    @pages.post(FRAMES_PATH)
    def frames() -> Response:
        return Response(desk.gateway_exchange(request.get_data(cache=False)), content_type=CONTENT_TYPE)

    @pages.post(BOT_TURN_PATH)
    def bot_turn() -> Response:
        answer = turns.ask(request.get_data(cache=False), wall_s())
        return Response(answer, content_type=CONTENT_TYPE)

    @pages.post(HEALTH_PATH)
    def beacon() -> Response:
        health(request.get_data(cache=False), wall_s())
        return Response(b"", content_type=CONTENT_TYPE)

    @pages.post(RELEASE_PATH)
    def release_part() -> Response:
        return Response(release(request.get_data(cache=False)), content_type=CONTENT_TYPE)

    _say_refusals(pages)
    return pages


_NO_NODE = (
    "no node of this hub made this: the box is enrolled at another hub, was shut out, "
    "or another box used its enrolment first: ring the hub"
)


def _say_refusals(pages: Blueprint) -> None:
    @pages.errorhandler(SealBroken)
    def foreign(error: SealBroken) -> Response:
        return _refused(403, _NO_NODE)

    @pages.errorhandler(MalformedWire)
    def malformed(error: MalformedWire) -> Response:
        return _refused(400, str(error))

    @pages.errorhandler(UnknownSender)
    def unknown(error: UnknownSender) -> Response:
        return _refused(403, _NO_NODE)

    @pages.errorhandler(StorageError)
    def failed(error: StorageError) -> Response:
        return _refused(503, "the hub could not store it: nothing is receipted, try again later")

    @pages.errorhandler(AtTheDesk)
    def elsewhere(error: AtTheDesk) -> Response:
        response = _refused(503, "only the hub's desk takes frames: lead this path to it, or try again later")
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response


def _refused(status: int, reason: str) -> Response:
    return Response(reason + "\n", status, content_type="text/plain; charset=utf-8")
