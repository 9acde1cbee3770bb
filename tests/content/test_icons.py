"""Icons go into pages unescaped, so they hold plain shapes only."""

from __future__ import annotations

import pytest

from content.errors import ContentRefused
from content.icons import icon_names, read_icon

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
)
SHAPE = '<line x1="1" y1="1" x2="9" y2="9"/>'


def test_all_shipped_icons_are_plain(shipped: dict[str, bytes]) -> None:
    names = icon_names(shipped)
    assert len(names) > 20
    assert all(read_icon(shipped, name).startswith("<svg") for name in names)


@pytest.mark.parametrize(
    "svg",
    [
        HEAD + "</svg>",
        HEAD + SHAPE + "<script>alert(1)</script></svg>",
        HEAD + '<image href="http://example.org/a.png"/></svg>',
        HEAD + '<path d="M0 0" onload="alert(1)"/></svg>',
        HEAD + '<path style="background: url(http://example.org)"/></svg>',
        HEAD + SHAPE + "</svg><p>",
        "<!-- --> " + HEAD + SHAPE + "</svg>",
        HEAD + SHAPE * 40 + "</svg>",
        HEAD + '<path d="é"/></svg>',
        "",
    ],
)
def test_anything_else_is_refused(svg: str) -> None:
    with pytest.raises(ContentRefused, match=r"^icons/x\.svg"):
        read_icon({"icons/x.svg": svg.encode()}, "x")


def test_a_missing_icon_is_named() -> None:
    with pytest.raises(ContentRefused, match=r"icons/boat\.svg is missing"):
        read_icon({}, "boat")
