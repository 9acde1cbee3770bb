"""Headers on every answer: nothing is kept, framed, embedded, sniffed or told to other sites."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}

STRICT_TRANSPORT_SECURITY: Final = "max-age=31536000"


def put_headers_on_every_answer(app: Flask, *, secure: bool) -> None:
    """Set the headers after everything else, error pages and static files included."""

    @app.after_request
    def put_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            # An attachment has a stricter policy of its own.
            if name != "Content-Security-Policy" or name not in response.headers:
                response.headers[name] = value
        if secure:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY
        return response
