"""`kentongan hub dpia`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click
from flask import Flask

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
Refusing = Callable[[Path], AbstractContextManager[None]]


def add_dpia_commands(hub: click.Group, refusing: Refusing) -> None:
    """Put the command into the group; `refusing` turns what goes wrong into one line."""

    @hub.command()
    @DIR
    @click.option("--html", is_flag=True, help="One printable HTML page in place of Markdown.")
    def dpia(folder: Path, html: bool) -> None:
        """Print the assessment of the effect on data protection (UU 27/2022), in Indonesian.

        It is made of the tables, periods, roles and pages that this hub has. No data of anybody is in it.
        """
        from hub.config import HubConfig
        from hub.dpia.document import sections_of
        from hub.dpia.kept import model_tables
        from hub.dpia.rendering import as_html, as_markdown
        from hub.joined_wiring import JoinedHub
        from hub.web.local_time import date_in_words

        with refusing(folder):
            joined = JoinedHub(HubConfig(folder))
            try:
                identity = joined.store.identity
                sections = sections_of(
                    date=date_in_words(joined.store.inbox.today()),
                    periods=identity.retention,
                    demand_second_factor=identity.demand_second_factor,
                    tables=model_tables(),
                    routes=routes_of(joined.create_app()),
                )
            finally:
                joined.close()
        title = f"Penilaian dampak pelindungan data pribadi: hub {identity.name}"
        click.echo((as_html if html else as_markdown)(title, sections), nl=False)


def routes_of(app: Flask) -> list[tuple[str, frozenset[str]]]:
    """Return each address with its methods, and the roles that may use it. Villages' own are left out."""
    from hub.web.api import BLUEPRINT_NAME
    from hub.web.cap_feed import BLUEPRINT_NAME as CAP
    from hub.web.guards import roles_of
    from hub.web.odata import BLUEPRINT_NAME as ODATA
    from hub.web.openrosa import BLUEPRINT_NAME as PHONES

    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("sync."):
            continue
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        view = app.view_functions[rule.endpoint]
        if rule.endpoint.partition(".")[0] in (BLUEPRINT_NAME, ODATA, PHONES):
            found.append((f"{rule.rule} ({methods})", frozenset({"token"})))
            continue
        everybody = rule.endpoint == "static" or rule.endpoint.startswith(f"{CAP}.")
        roles = frozenset({"everybody"}) if everybody else roles_of(view)
        found.append((f"{rule.rule} ({methods})", roles))
    return found
