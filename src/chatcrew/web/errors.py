"""One JSON shape for every error over HTTP: ``{"error": {"kind": …, "message": …}}``."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from chatcrew.errors import WebhookError
from chatcrew.telemetry import get_logger, place

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_log = get_logger("web")


def error_response(
    status: int, *, kind: str, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    """Return an error in the one shape."""
    body = {"error": {"kind": kind, "message": message}}
    return web.json_response(body, status=status, headers=headers)


@web.middleware
async def one_error_shape(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into the one shape; nothing of the fault's text leaks."""
    try:
        return await handler(request)
    except WebhookError as error:
        return error_response(error.status, kind=error.kind, message=str(error))
    except web.HTTPException as error:
        kind = error.reason.lower().replace(" ", "_")
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        return error_response(error.status, kind=kind, message=error.reason, headers=headers)
    except Exception as error:  # noqa: BLE001 - the last stop of a request: 500 is what Chatwoot retries
        # No traceback values: the frame holds the body. The type and place are enough to find it.
        _log.error("request.failed", error=type(error).__name__, place=place(error))
        return error_response(500, kind="internal", message="internal error")
