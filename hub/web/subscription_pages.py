"""People who asked over the bots to be told of bulletins: how many where, and what became of messages. No
page shows a number or a chat."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from hub.bulletins.services import BulletinDraft
from hub.services import READING_ROLES
from hub.subscriptions.services import PROBLEMS, SMALLEST_SHOWN, WAY_WORDS, Reach, SubscriptionServices
from hub.web.guards import open_to
from sync.clock import Clock

LINES = 30


def register(app: Flask, subscriptions: SubscriptionServices, clock: Clock) -> None:
    """Put the page `/langganan` into the hub's site, and into the page of a bulletin to whom it would go."""

    def reach(draft: BulletinDraft) -> tuple[Reach, ...]:
        return subscriptions.reach(draft)

    app.jinja_env.globals["subscribers_of"] = reach
    app.jinja_env.globals["way_words"] = WAY_WORDS
    app.register_blueprint(_make_blueprint(subscriptions, clock))


def _make_blueprint(subscriptions: SubscriptionServices, clock: Clock) -> Blueprint:
    pages = Blueprint("subscriptions", __name__)

    @pages.get("/langganan")
    @open_to(*READING_ROLES)
    def show() -> str:
        return render_template(
            "subscriptions.html",
            counts=subscriptions.counts(),
            lines=subscriptions.lines(LINES),
            ways=subscriptions.ways(),
            problems=PROBLEMS,
            smallest=SMALLEST_SHOWN,
            now=clock.wall_s(),
        )

    return pages
