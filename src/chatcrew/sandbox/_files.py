"""Files that somebody sends from the page, and how they are shown on it again."""

from urllib.parse import quote

from aiohttp import web

from chatcrew.testing import File

LARGEST = 40_000_000
"""Chatwoot's own limit, in bytes."""

_LONGEST_NAME = 120
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_PLAYED = ("audio/", "video/")


async def received(request: web.Request) -> File:
    """Read a file from a request's body; its name stands in the query.

    Raises:
        web.HTTPRequestEntityTooLarge: it is beyond Chatwoot's own limit.
        web.HTTPUnprocessableEntity: there is nothing in it.
    """
    data = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=len(data))
    if not data:
        raise web.HTTPUnprocessableEntity(text="the file is empty")
    name = " ".join(request.query.get("name", "").replace("/", " ").split())[-_LONGEST_NAME:]
    media_type = request.content_type.lower()
    return File(_kind(media_type), name or "arquivo", media_type, bytes(data))


def served(file: File) -> web.Response:
    """Return a file: pictures and sounds to be shown, anything else only to be saved.

    What a customer uploads must not run as a page of this origin: no HTML, no SVG.
    """
    shown = file.content_type in _SHOWN or file.content_type.startswith(_PLAYED)
    if shown:
        return web.Response(body=file.data, content_type=file.content_type)
    return web.Response(
        body=file.data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"},
    )


def _kind(media_type: str) -> str:
    """Return what Chatwoot calls a file of this type (app/models/attachment.rb)."""
    main = media_type.partition("/")[0]
    return main if main in ("image", "audio", "video") else "file"
