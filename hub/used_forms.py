"""Which forms were carried out, as rows: a form counts once in whatever process its second press arrives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from hub.models import UsedForm
from hub.storage.statements import insert_once
from sync.clock import Clock
from sync.storage.writer import GroupCommitWriter

REMEMBERED_S = 7 * 86_400
"""A form that lay open for longer and is sent again is taken as new."""


class UsedForms:
    """Implements `hub.web.one_use_forms.FormMemory`."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock

    def carry_out_once(self, form_id: str, action: Callable[[], None]) -> None:
        """Run `action` in one transaction with the mark of its form, unless the form has its mark.

        Whatever `action` raises undoes both. Raises StorageError.
        """
        # A hash: what a browser sends may be long, and may be anything.
        name = hashlib.sha256(form_id.encode("utf-8", "surrogatepass")).hexdigest()
        at = self._clock.wall_s()

        def job() -> None:
            UsedForm.delete().where(UsedForm.at < at - REMEMBERED_S).execute(self._db)
            if insert_once(self._db, UsedForm, {"id": name, "at": at}):
                action()

        self._writer.run(job)
