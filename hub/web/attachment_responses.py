"""A picture or a sound as an answer that a browser shows or plays and does nothing else with."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Response

from sync.wire.attachments import MEDIA_TYPES

ATTACHMENT_POLICY: Final = "default-src 'none'; sandbox"
_ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/png": "png",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
}


def attachment_response(content: bytes, media_type: str, number: int) -> Response:
    """Return the bytes under a type of our own list, never one that the bytes or the sender chose.

    An old node or `node submit` may have sealed anything under that type: the browser must not guess
    another (nosniff, set on every answer), nor run what it may hold.
    """
    known = media_type if media_type in MEDIA_TYPES.values() else "application/octet-stream"
    response = Response(content, 200, content_type=known)
    response.headers["Content-Security-Policy"] = ATTACHMENT_POLICY
    name = f"lampiran-{number + 1}.{_ENDINGS.get(known, 'bin')}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def picture_file(content: bytes, media_type: str, name: str) -> Response:
    """Return a drawn picture as a file to keep."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # An SVG opened on its own is a document: it may load and run nothing.
    response.headers["Content-Security-Policy"] = ATTACHMENT_POLICY
    return response
