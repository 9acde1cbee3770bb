"""Addresses of a site's pages, which learn to be built only when a page first names them.

Werkzeug compiles two functions for each address as a site is made. Of the hub's two hundred that was three
quarters of the time it took to make the site, and seconds on a small board; a process uses few of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class SiteRule(Rule):
    """A rule of a site; for `url_rule_class` of a Flask. What it matches and builds is what `Rule` does."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: SiteRule, /, **values: Any) -> tuple[str, str]:
            # Two threads may both compile it: the functions are the same.
            if not compiled:
                compiled.append(super(SiteRule, rule)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build
