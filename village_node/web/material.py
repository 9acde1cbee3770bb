"""What the pages of the material share: the material in the page's language, its pictures and its clips."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from content.catalogue import Catalogue
from content.errors import ContentRefused
from village_node.services import PublicServices
from village_node.web.languages import current
from village_node.web.shown_content import (
    VERDICT_SHAPES,
    VERDICT_WORDS,
    ContentSource,
    content_icon,
    day_in_digits,
    language_of,
    standing,
)
from village_node.web.spoken import Clip, Clips

Words = Callable[[Catalogue], str]
"""How to get the words of a clip out of the material in any language."""


@dataclass(frozen=True)
class Material:
    """The material of this box as its pages use it."""

    source: ContentSource
    clips: Clips
    services: PublicServices

    def catalogue(self) -> Catalogue:
        """Return the material for the page that is being drawn."""
        return self.source(current().tag)

    def today(self) -> datetime.date | None:
        """Return the day, or None on a box that does not know it."""
        day = self.services.today()
        return datetime.date.fromisoformat(day) if day else None

    def clip(self, name: str, file: str, words: Words) -> Clip | None:
        """Return the clip of words that stand in a file of the material, or None where it lost them."""

        def spoken(tag: str) -> tuple[str, str]:
            catalogue = self.source(tag)
            return language_of(catalogue, file), words(catalogue)

        try:
            return self.clips.of_words(name, spoken)
        except (LookupError, ContentRefused):
            return None

    def page(
        self, template: str, catalogue: Catalogue, file: str, *, status: int = 200, **values: Any
    ) -> Response:
        """Draw a page of the material. Given a `clip`, it has a listen button or says why not.

        Given `again`, the fields that lead here, it offers other languages; None where its address is enough.
        """
        values.setdefault("path", request.path)
        page = render_template(
            template,
            standing=standing(catalogue, file),
            picture_of=lambda name: content_icon(catalogue, name),
            shapes=VERDICT_SHAPES,
            verdict_words=VERDICT_WORDS,
            digits=day_in_digits,
            **values,
        )
        return Response(page, status)
