"""A form counts once: a double click, a reload or an impatient second press sends one answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

_REMEMBERED = 1000
"""Forms of the last hours of a busy office; an older one sent again is taken as new."""


class OneUseForms:
    """Remembers, in memory, which forms were carried out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: OrderedDict[str, None] = OrderedDict()

    def carry_out_once(self, form_id: str, action: Callable[[], None]) -> None:
        """Run `action` unless a form with this id was carried out; one that raises may be sent again.

        A second press waits for the first to end, so that both see its outcome.
        """
        with self._lock:
            if form_id in self._done:
                return
            action()
            self._done[form_id] = None
            while len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
