"""Registers all pages about learning: evaluation, weights, teaching."""

from __future__ import annotations

from flask import Flask

from hub.learning.services import EvaluationServices
from hub.learning.teaching_services import TeachingServices
from hub.learning.weight_services import WeightServices
from hub.web import learning_pages, teaching_pages, weight_pages
from hub.web.local_time import LocalTime
from sync.clock import Clock


def register(
    app: Flask,
    evaluating: EvaluationServices | None,
    weights: WeightServices | None,
    teaching: TeachingServices | None,
    local: LocalTime,
    clock: Clock,
) -> None:
    """Put the pages about learning into a site, those that it has services for."""
    app.jinja_env.globals.update(
        has_learning=evaluating is not None,
        has_weights=weights is not None,
        has_teaching=teaching is not None,
    )
    if evaluating is not None:
        app.register_blueprint(learning_pages.make_blueprint(evaluating))
    if weights is not None:
        app.register_blueprint(weight_pages.make_blueprint(weights))
    if teaching is not None:
        app.register_blueprint(teaching_pages.make_blueprint(teaching, local, clock))
