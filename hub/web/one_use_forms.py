"""A form counts once: a double click, a reload or an impatient second press sends one answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from flask import Flask, current_app, has_app_context

_REMEMBERED = 1000
"""Forms of the last hours of a busy office; an older one sent again is taken as new."""
_NAME = "kentongan_used_forms"


class FormMemory(Protocol):
    """Remembers which forms were carried out."""

    def carry_out_once(self, form_id: str, action: Callable[[], None]) -> None:
        """Run `action` unless a form with this id was carried out; one that raises may be sent again."""
        ...


def keep_used_forms(app: Flask, memory: FormMemory) -> None:
    """Let all forms of this site be remembered there, and not in the memory of this process."""
    app.extensions[_NAME] = memory


class OneUseForms:
    """The forms of one page: remembered where its site says, else in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: OrderedDict[str, None] = OrderedDict()

    def carry_out_once(self, form_id: str, action: Callable[[], None]) -> None:
        """Run `action` unless a form with this id was carried out; one that raises may be sent again.

        A second press waits for the first to end, so that both see its outcome.
        """
        shared: FormMemory | None = current_app.extensions.get(_NAME) if has_app_context() else None
        if shared is not None:
            shared.carry_out_once(form_id, action)
            return
        with self._lock:
            if form_id in self._done:
                return
            action()
            self._done[form_id] = None
            while len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
