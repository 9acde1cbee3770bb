"""The public site of a village node: what anybody on the village's Wi-Fi sees."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, g, render_template, request, send_file
from markupsafe import Markup

from content.report_choices import NOT_SAID, YES_NO_CHOICES
from sync.media.cleaning import Clean, Cleaner
from sync.site_rules import SiteRule
from sync.upload_bodies import MAX_UPLOAD_BYTES
from village_node.captive_portal import CaptivePortal
from village_node.passing_on import PassingOn
from village_node.services import PublicServices
from village_node.staffed_hours import Staffed
from village_node.web.agency_pages import create_agency_pages
from village_node.web.ask_pages import create_ask_pages
from village_node.web.bodies import MAX_FIELDS, InMemoryRequest
from village_node.web.emergency_numbers import EMERGENCY_NUMBERS
from village_node.web.follow_up_pages import create_follow_up_pages
from village_node.web.guards import guard, last_resort, log_failure, read_or
from village_node.web.help_pages import create_help_pages
from village_node.web.icons import icon
from village_node.web.languages import BY_TAG, INDONESIAN, LANGUAGES, current, to, translate
from village_node.web.learn_pages import create_learn_pages
from village_node.web.material import Material
from village_node.web.notice_pages import PublicNotices, create_notice_pages, first_lines, no_notices
from village_node.web.notice_players import SoundOf, no_sound
from village_node.web.notices import BOX_SHUT_OUT
from village_node.web.offer_pages import create_offer_pages
from village_node.web.panic_pages import create_panic_pages
from village_node.web.phone_quiz_pages import PhoneQuizzes, create_phone_quiz_pages
from village_node.web.pictures import NAMES, picture, qr_code
from village_node.web.portal_pages import create_portal_pages
from village_node.web.quiz_pages import create_quiz_pages
from village_node.web.receipt_pages import create_receipt_pages
from village_node.web.report_pages import PRACTICE, REAL, create_report_pages
from village_node.web.shown_content import ContentSource, shipped_content
from village_node.web.slip_pages import create_slip_pages
from village_node.web.spoken import PACKAGED_CLIPS, Clips
from village_node.web.staffed_words import no_hours, staffed_lines
from village_node.web.uploads import UploadDesk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 262_144
"""The largest report (every text full, four-byte letters, percent-encoded) is about 70 KB."""

_STATIC = Path(__file__).parent / "static"
_LANGUAGE_KEY = "kentongan.language"


class PublicSite(Flask):
    """A Flask that keeps bodies in memory, never logs what a visitor typed, and speaks several languages."""

    request_class = InMemoryRequest
    url_rule_class = SiteRule

    def __init__(self, name: str) -> None:
        # No static route: style and script are small and stand in every page, which saves requests and
        # works in captive windows that fetch nothing else.
        super().__init__(name, static_folder=None)
        self.url_map.strict_slashes = False  # "/isi/" typed by hand is the same page
        self.url_map.merge_slashes = False  # never a redirect: its body would be in English
        self.jinja_env.trim_blocks = True
        self.jinja_env.lstrip_blocks = True
        self.jinja_env.autoescape = True
        self.style, self.style_hash = inlined("site.css")
        self.script, self.script_hash = inlined("site.js")
        # Only for pages of the material, so that the first page stays small.
        self.content_style, self.content_style_hash = inlined("content.css")
        self.jinja_env.globals.update(
            _=translate,
            to=to,
            icon=icon,
            picture=picture,
            picture_names=NAMES,
            qr_code=qr_code,
            style=self.style,
            content_style=self.content_style,
            script=self.script,
            languages=LANGUAGES,
            not_said=NOT_SAID,
            yes_no=YES_NO_CHOICES,
        )
        self.before_request(_set_language)
        self.context_processor(lambda: {"language": current()})

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; let no error out to the server, which would log its text."""
        tag, slash, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if tag in BY_TAG:
            environ[_LANGUAGE_KEY] = tag
            environ["PATH_INFO"] = slash + rest or "/"
        try:
            answer: Iterable[bytes] = super().wsgi_app(environ, start_response)
        except Exception as error:  # whatever it is, nobody is shown what the server makes of it
            return last_resort(error)(environ, start_response)
        return answer

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log the kind and place only; Flask would print the error's text and the path."""
        if exc_info[1] is not None:
            log_failure(exc_info[1])


def _set_language() -> None:
    g.language = BY_TAG.get(request.environ.get(_LANGUAGE_KEY, ""), INDONESIAN)


def inlined(*names: str) -> tuple[Markup, str]:
    """Return style sheets or scripts as they stand in every page, and their hash for the policy."""
    source = "".join((_STATIC / name).read_text("utf-8") for name in names)
    text = re.sub(r"\s*/\*.*?\*/|^ +", "", source, flags=re.DOTALL | re.MULTILINE)
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    # The text is ours and its hash stands in the policy: it must reach the page unescaped.
    return Markup(text), base64.b64encode(digest).decode("ascii")  # noqa: S704


def create_public_app(
    services: PublicServices,
    *,
    village_name: str,
    village_code: str = "",
    recordings: Path | None = None,
    site_address: str = "",
    portal: CaptivePortal | None = None,
    monotonic_s: Callable[[], float] = lambda: 0.0,
    quizzes: PhoneQuizzes | None = None,
    notices: PublicNotices = no_notices,
    sound_of: SoundOf = no_sound,
    content: ContentSource | None = None,
    clean: Clean | None = None,
    staffed: Callable[[], Staffed | None] = no_hours,
    questions: PassingOn | None = None,
    can_save: Callable[[], bool] = lambda: True,
    is_shut_out: Callable[[], bool] = lambda: False,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> PublicSite:
    """Build the public site over `services`. Starts nothing and keeps nothing.

    `village_name` stands behind "Informasi Desa", so it comes without the word "Desa"; `village_code` is
    the place that a call for help names. `recordings` is a folder of the box with clips by people, found
    before those of the kit under the same names. `site_address` is what people type to come back, empty when
    nobody said; `portal` leads phones here, on the time of `monotonic_s`. `quizzes` are those of awareness
    sessions. `notices` are those of the hub for everybody, `sound_of` their clips. `content` gives the
    material in a language, or in Indonesian where it has none; pages ask it each time. The default is what is
    shipped.
    `clean` reads pictures and sounds; by default a child process does. `staffed` gives the hours of the hub.
    `questions` sends the hub what the material does not answer. `can_save` tells whether a report could be
    saved now, `is_shut_out` whether the hub takes none from this box any more.

    Serve it with `bodies.in_memory_server_options`, or the server may put bodies on the card.
    """
    app = PublicSite(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=max_body_bytes,
        MAX_UPLOAD_BYTES=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=max_body_bytes,
        MAX_FORM_PARTS=MAX_FIELDS,
    )

    @app.context_processor
    def site_context() -> dict[str, Any]:
        return {
            "village_name": village_name,
            "emergency_numbers": EMERGENCY_NUMBERS,
            "site_address": site_address,
        }

    @app.get("/")
    def home() -> str:
        return render_template(
            "home.html",
            has_quiz=quizzes is not None and read_or(lambda: quizzes.has_open_round, False),
            notice=BOX_SHUT_OUT if is_shut_out() else None,
            notice_lines=lambda: read_or(lambda: first_lines(notices), list[tuple[str, str]]()),
        )

    app.jinja_env.globals["staffed_lines"] = lambda: read_or(lambda: staffed_lines(staffed), list[str]())
    clips = Clips((recordings, PACKAGED_CLIPS) if recordings else (PACKAGED_CLIPS,))
    app.jinja_env.globals["clip_of"] = clips.of_page

    @app.get("/suara/<tag>/<name>.mp3")
    def clip(tag: str, name: str) -> Response:
        file = clips.file(tag, name) if tag in BY_TAG else None
        if file is None:
            abort(404)
        # Phones ask for a part first and for the rest when it is played.
        return send_file(file, "audio/mpeg", conditional=True, etag=False)

    @app.get("/sehat")
    def away() -> str:
        return render_template("away.html")

    app.register_blueprint(create_portal_pages(portal, monotonic_s))
    if quizzes is not None:
        app.register_blueprint(create_phone_quiz_pages(services, quizzes))
    uploads = UploadDesk(clean or Cleaner())
    for place in (REAL, PRACTICE):
        here = replace(place, village_code=village_code, can_save=can_save, is_shut_out=is_shut_out)
        app.register_blueprint(create_report_pages(services, uploads, here))
    app.register_blueprint(create_follow_up_pages(services, uploads))
    app.register_blueprint(create_panic_pages(services, village_code))
    app.register_blueprint(create_receipt_pages(services))
    app.register_blueprint(create_slip_pages(services))
    app.register_blueprint(create_notice_pages(notices, sound_of))
    material = Material(content or shipped_content(), clips, services)
    app.register_blueprint(create_offer_pages(material))
    app.register_blueprint(create_agency_pages(material))
    app.register_blueprint(create_ask_pages(material, questions))
    app.register_blueprint(create_help_pages(material))
    app.register_blueprint(create_learn_pages(material))
    app.register_blueprint(create_quiz_pages(material))
    guard(
        app,
        style_hash=app.style_hash,
        script_hash=app.script_hash,
        max_body_bytes=max_body_bytes,
        more_styles=(app.content_style_hash,),
    )
    return app
