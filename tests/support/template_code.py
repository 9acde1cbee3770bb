"""Compiled templates, shared by all sites that one process of the tests makes."""

from __future__ import annotations

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class TemplateCode(BytecodeCache):
    """Keeps code in memory, by a template's text and by what of its environment the code depends on."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the code of a template, or an empty bucket for it."""
        how = (
            environment.trim_blocks,
            environment.lstrip_blocks,
            environment.autoescape,
            environment.undefined,
            getattr(environment, "newstyle_gettext", None),
            sorted(environment.extensions),
        )
        return super().get_bucket(environment, f"{name} {how}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what is kept."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()
