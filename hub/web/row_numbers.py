"""Numbers of rows in addresses."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

ROW_NUMBER_MAX = 2**63 - 1
"""What both databases can compare with; a larger number names no row, so its address is no page."""


class RowNumberConverter(IntegerConverter):
    """`<int:...>` of this site."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"max": ROW_NUMBER_MAX, **named})
