"""A picture as PNG: resvg draws the very SVG, with a typeface that comes with reportlab.

Nothing of the system's fonts is used, so that a picture looks the same on every hub.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

from hub.pictures.drawing import Picture, as_svg

SCALE: Final = 1.5
"""1,500 pixels for the widest, for paper and projectors; at twice the size the map alone takes 0.3 s."""


def as_png(picture: Picture, *, scale: float = SCALE) -> bytes:
    """Return the picture as PNG, `scale` times its size."""
    return svg_as_png(as_svg(picture), scale=scale)


def svg_as_png(svg: str, *, scale: float = SCALE) -> bytes:
    """Return an SVG of our own as PNG, `scale` times its size; its words stand in one typeface."""
    from resvg_py import svg_to_bytes  # 3 MB of code: only where a picture is taken along

    fonts = resources.files("reportlab").joinpath("fonts")
    return bytes(
        svg_to_bytes(
            svg_string=svg.replace("system-ui, sans-serif", "Bitstream Vera Sans"),
            zoom=scale,
            skip_system_fonts=True,
            font_files=[str(fonts.joinpath(name)) for name in ("Vera.ttf", "VeraBd.ttf")],
            sans_serif_family="Bitstream Vera Sans",
        )
    )
