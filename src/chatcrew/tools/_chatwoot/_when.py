"""A day and time as roles write them, in the tenant's own time zone."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from chatcrew.tools._tool import ToolContext

WHEN = "Dia e hora no fuso da empresa, como 2026-11-25T09:00."
"""What roles are told of such an argument."""


async def moment(words: str, context: ToolContext) -> datetime:
    """Return the moment, in the tenant's time zone where it names none.

    Raises:
        ValueError: it is none, said for a model.
    """
    zone = await asyncio.to_thread(ZoneInfo, context.tenant.timezone)
    try:
        read = datetime.fromisoformat(words.strip())
    except ValueError:
        today = context.clock.now().astimezone(zone)
        raise ValueError(
            f"Data inválida: escreva como 2026-11-25T09:00. Agora são {today:%Y-%m-%dT%H:%M}."
        ) from None
    return read.replace(tzinfo=zone) if read.tzinfo is None else read.astimezone(zone)
