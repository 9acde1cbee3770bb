"""Registers the pages of what comes from other offices, programs and phones, and of what goes to them."""

from __future__ import annotations

from typing import Final

from flask import Flask, request

from hub.exports.api_services import ApiServices, TokenServices
from hub.exports.odata_services import ODataServices
from hub.exports.services import ExportServices, NetworkExportServices, PublicNumbersServices
from hub.forwarding.services import ForwardingServices
from hub.imports.services import ImportServices
from hub.openrosa.services import PhoneServices
from hub.other_data.services import OtherImportServices, SeriesServices
from hub.web import (
    api,
    export_pages,
    import_pages,
    network_export_pages,
    odata,
    openrosa,
    other_data_pages,
    other_import_pages,
    phone_pages,
    report_words,
    token_pages,
)
from hub.web.local_time import LocalTime
from sync.clock import Clock
from sync.upload_bodies import MAX_UPLOAD_BYTES

MACHINES: Final = (api.BLUEPRINT_NAME, odata.BLUEPRINT_NAME, openrosa.BLUEPRINT_NAME)
"""Blueprints that programs and phones use: no sign-in, no form token."""


def register_what_comes_in(
    app: Flask,
    imports: ImportServices | None,
    series: SeriesServices | None,
    series_imports: OtherImportServices | None,
    local: LocalTime,
    clock: Clock,
) -> None:
    """Put imports of cases, and series of other offices, into the hub's site."""
    app.jinja_env.globals["imported"] = None if imports is None else imports.of_case
    if imports is not None:
        app.register_blueprint(import_pages.make_blueprint(imports, clock))
    app.jinja_env.globals["has_series"] = series is not None
    if series is not None and series_imports is not None:
        app.register_blueprint(other_data_pages.make_blueprint(series, series_imports, clock, local))
        app.register_blueprint(other_import_pages.make_blueprint(series, series_imports, clock))


def register_what_goes_out(
    app: Flask,
    forwarding: ForwardingServices | None,
    exports: ExportServices | None,
    public_numbers: PublicNumbersServices | None,
    networks: NetworkExportServices | None,
) -> None:
    """Put what was forwarded, and exports of tables and networks, into the hub's site."""
    app.jinja_env.globals.update(
        forwarded=None if forwarding is None else forwarding.of,
        forwarded_steps=report_words.FORWARDED_STEPS,
        has_exports=exports is not None and public_numbers is not None,
        has_network_export=networks is not None,
    )
    if exports is not None and public_numbers is not None:
        app.register_blueprint(export_pages.make_blueprint(exports, public_numbers))
    if networks is not None:
        app.register_blueprint(network_export_pages.make_blueprint(networks))


def register_programs(
    app: Flask,
    tokens: TokenServices | None,
    programs: ApiServices | None,
    tables: ODataServices | None,
    clock: Clock,
) -> None:
    """Put what programs read, and the tokens that they read it with, into the hub's site."""
    app.jinja_env.globals["has_tokens"] = tokens is not None and programs is not None
    if tokens is not None and programs is not None:
        app.register_blueprint(api.create_api_blueprint(programs, tokens))
        app.register_blueprint(token_pages.make_blueprint(tokens, clock))
    if tokens is not None and tables is not None:
        app.register_blueprint(odata.create_odata_blueprint(tables, tokens))


def register_phones(
    app: Flask, phones: PhoneServices | None, tokens: TokenServices | None, *, secure: bool, hub_name: str
) -> None:
    """Put the site of ODK Collect, whose bodies may be larger, and its page into the hub's site."""
    app.jinja_env.globals.update(
        has_phones=phones is not None and tokens is not None,
        filed_by_phone=None if phones is None else phones.of,
    )
    if phones is None or tokens is None:
        return

    @app.before_request
    def set_body_limit() -> None:
        if openrosa.BLUEPRINT_NAME in request.blueprints:
            request.max_content_length = MAX_UPLOAD_BYTES
            request.max_form_memory_size = MAX_UPLOAD_BYTES
            request.max_form_parts = openrosa.MAX_PARTS

    app.register_blueprint(openrosa.create_openrosa_blueprint(phones, tokens, secure=secure))
    app.register_blueprint(phone_pages.make_blueprint(phones, tokens, secure=secure, hub_name=hub_name))
