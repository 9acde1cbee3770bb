"""Headers on every answer: nothing is kept, framed, embedded, sniffed or told to other sites."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_FEATURES: Final = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "fullscreen"),
    *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("publickey-credentials-get", "screen-wake-lock", "sync-xhr", "usb", "xr-spatial-tracking"),
)
"""OWASP's Secure Headers Project lists these; no page of the hub uses any."""

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",
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
