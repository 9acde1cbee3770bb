"""Points of each sign in the table that holds and in the one on trial, as bars side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.languages import N_
from hub.pictures.drawing import BAR, SOFT, Box, Picture, Shape, Table, Words, shortened

_LEFT: Final = 432
_POINT: Final = 44
_ROW: Final = 30
_TOP: Final = 92
_WIDTH: Final = 740

Row = tuple[str, int, int | None]
"""The sign in words, its points in the table that holds, and in the one on trial."""


def draw_weights(rows: Sequence[Row], *, champion: str, challenger: str | None) -> Picture:
    """Draw both tables; the one on trial has dashed bars. Without one, only the table that holds."""
    title = N_("Poin setiap tanda")
    shapes: list[Shape] = [
        Words(12, 26, title, 19, bold=True),
        Box(12, 44, 12, 12),
        Words(30, 54, N_("yang berlaku: %(version)s", version=champion), 12, fill=SOFT),
    ]
    if challenger is not None:
        shapes += [
            Box(12, 62, 12, 12, dashed=True),
            Words(30, 72, N_("yang dicoba: %(version)s", version=challenger), 12, fill=SOFT),
        ]
    for at, (why, old, new) in enumerate(rows):
        y = _TOP + at * _ROW
        shapes.append(Words(12, y + 13, shortened(why, 66), 12))
        shapes += _bar(y, old, dashed=False)
        if new is not None:
            shapes += _bar(y + 13, new, dashed=True)
    changed = sum(new is not None and new != old for _, old, new in rows)
    summary = (
        N_("Belum ada tabel yang dicoba.")
        if challenger is None
        else N_("%(changed)s dari %(all)s tanda poinnya berbeda.", changed=changed, all=len(rows))
    )
    return Picture(
        title=title,
        summary=summary,
        width=_WIDTH,
        height=_TOP + _ROW * len(rows) + 12,
        shapes=tuple(shapes),
        table=Table(
            title,
            (N_("Tanda"), N_("Yang berlaku"), N_("Yang dicoba")),
            tuple((why, str(old), "" if new is None else str(new)) for why, old, new in rows),
        ),
    )


def _bar(y: float, points: int, *, dashed: bool) -> list[Shape]:
    width = max(2, points * _POINT)
    return [Box(_LEFT, y + 3, width, 9, BAR, dashed), Words(_LEFT + width + 6, y + 12, str(points), 11)]
