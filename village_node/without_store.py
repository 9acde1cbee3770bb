"""The village's site while the card takes nothing: numbers to ring and the shipped material, no report.

A box whose card is full, read-only, damaged or failing at its start still answers. It says that nothing can
be saved, tries the card again, and the node starts as soon as the card takes a commit.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn

import peewee

from sync.clock import Clock, SystemClock
from sync.command_line import note, print_json
from sync.records import Report
from sync.service_notices import ServiceNotices
from sync.serving import WsgiServer
from sync.storage.writer import StorageError, trouble_of
from sync.upload_bodies import UploadChannel
from sync.wire.attachments import Attachment
from sync.wire.numbers import WithdrawalReason
from village_node import folder as node_folder
from village_node.config import NodeConfig
from village_node.health import free_bytes
from village_node.services import ReceiptView, StorageFailed, Taken
from village_node.store_watch import takes_files
from village_node.taking import new_form_token

_log = logging.getLogger(__name__)
TRY_EVERY_S = 15.0
ROOM_TO_START_BYTES = 2 * 1024 * 1024
FAULTS = (StorageError, peewee.PeeweeException, OSError)
"""What opening a store raises when its card is at fault."""


class NothingSaved:
    """The use cases of the public site where there is no store: everything is refused, nothing promised."""

    def take_report(
        self, report: Report, *, form_token: str | None, attachments: Sequence[Attachment] = ()
    ) -> Taken:
        """Raise StorageFailed."""
        raise StorageFailed

    def add_to_report(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        question: int | None,
        form_token: str,
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Raise StorageFailed."""
        raise StorageFailed

    def withdraw_report(self, code: str, reason: WithdrawalReason, *, form_token: str) -> bool:
        """Raise StorageFailed."""
        raise StorageFailed

    def look_up(self, code: str) -> ReceiptView:
        """Raise StorageFailed: that no receipt is found would be a lie."""
        self._unread()

    def look_up_pictures(self, pictures: tuple[int, ...]) -> ReceiptView:
        """Raise StorageFailed."""
        self._unread()

    def _unread(self) -> NoReturn:
        raise StorageFailed

    def today(self) -> str | None:
        """Return None."""
        return None

    def new_form_token(self) -> str:
        """Return a token: the form can be read and practised."""
        return new_form_token()


def card_works(config: NodeConfig) -> bool:
    """Return whether the store opens and takes a commit, with room for what a start writes."""
    from village_node.store_wiring import NodeStore

    try:
        # Two pages may fit where a start does not: the site would come and go.
        if free_bytes(config.folder) < ROOM_TO_START_BYTES or not takes_files(config.folder):
            return False
        store = NodeStore(config)
    except FAULTS:
        return False
    try:
        store.log.set_number("card_tried", 1)
    except FAULTS:
        return False
    finally:
        store.close()
    return True


def serve_without_store(
    config: NodeConfig,
    stop: threading.Event,
    because: BaseException,
    *,
    works: Callable[[], bool] | None = None,
    try_every_s: float = TRY_EVERY_S,
) -> None:
    """Serve the public site until `stop` is set or `works`, which else asks whether the card does. Raises
    EnrolmentRefused where the folder holds no node that can be read, CannotListen."""
    from village_node.web.bodies import in_memory_server_options
    from village_node.web.public_app import MAX_BODY_BYTES, create_public_app

    clock: Clock = SystemClock(config.speed)
    enrolment = node_folder.load(config.folder).enrolment
    app = create_public_app(
        NothingSaved(),
        village_name=enrolment.village_name,
        village_code=enrolment.village,
        recordings=config.folder / "suara",
        site_address=config.site_address,
        can_save=lambda: False,
    )
    options = in_memory_server_options(MAX_BODY_BYTES)
    site = WsgiServer(app, config.listen, options, channel=UploadChannel)
    notices = ServiceNotices()
    trouble = trouble_of(because)
    _log.error("the store cannot be used (%s, %s): nothing is saved", type(because).__name__, trouble)
    try:
        site.start()
        print_json({"url": site.url, "store": trouble})
        note(f"kentongan: the card takes nothing ({trouble}); the site is open at {site.url} without reports")
        notices.begin([site.answers])
        while not clock.wait(stop, try_every_s):
            if works() if works is not None else card_works(config):
                return
    finally:
        notices.pause()
        site.close()
