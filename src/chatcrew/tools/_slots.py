"""Tool ``available_slots``: when professionals see people, from their weekly times; no bookings."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatcrew.intents import fold
from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tenancy.model import Professional
from chatcrew.tools._tool import ToolContext

_DAYS = 7
_FURTHEST = 90
_MOST_TIMES = 5
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPOKEN = {
    "pt-BR": ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SLOT = re.compile(r"(\w{3}) (\d\d:\d\d)-(\d\d:\d\d)")
_BRAZILIAN = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_TITLES = frozenset(("dr", "dra", "doutor", "doutora", "prof", "professor", "professora"))
_HEAD = {
    "pt-BR": (
        "Horários de atendimento nos próximos 7 dias a partir de {day}. São períodos em que cada "
        "profissional atende, não vagas confirmadas: uma pessoa da equipe confirma o horário."
    ),
    "en": (
        "Opening times in the 7 days from {day}. These are periods in which each professional sees "
        "people, not confirmed vacancies: a person of the team confirms the appointment."
    ),
}
_NONE_NOW = {"pt-BR": "sem horário de atendimento nesses dias", "en": "no times on these days"}
_UNKNOWN = {
    "pt-BR": "Não há esse profissional ou especialidade. Existem: {known}.",
    "en": "There is no such professional or specialty. There are: {known}.",
}
_NOBODY = {
    "pt-BR": "Esta empresa não tem agenda aqui. Passe para uma pessoa com handoff.",
    "en": "This business has no diary here. Hand over to a person.",
}
_BAD_DATE = {
    "pt-BR": "Data não entendida; use AAAA-MM-DD, de hoje até 90 dias.",
    "en": "The date was not understood; use YYYY-MM-DD, from today to 90 days ahead.",
}


class AvailableSlots:
    """Computes the next opening times of professionals; never invents a vacancy (N6)."""

    spec = ToolSpec(
        name="available_slots",
        description=(
            "Mostra quando os profissionais atendem nos próximos 7 dias. São períodos de "
            "atendimento, não vagas: quem confirma a marcação é uma pessoa da equipe."
        ),
        parameters={
            "type": "object",
            "properties": {
                "specialty": {
                    "type": "string",
                    "description": "Especialidade ou queixa, como 'Angiologia' ou 'varizes'.",
                },
                "professional": {"type": "string", "description": "Nome do profissional."},
                "from_date": {
                    "type": "string",
                    "description": "Primeiro dia que interessa, AAAA-MM-DD; sem ele, hoje.",
                },
            },
        },
    )
    side_effects = False

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return one line per professional with his or her next times in the tenant's timezone."""
        tenant = context.tenant
        language = tenant.language if tenant.language in _HEAD else "pt-BR"
        if not tenant.professionals:
            return ToolResult(ok=False, text=_NOBODY[language])
        # The first use of a zone reads its file
        zone = await asyncio.to_thread(ZoneInfo, tenant.timezone)
        now = context.clock.now().astimezone(zone)
        first = _first_day(arguments.get("from_date"), now)
        if first is None:
            return ToolResult(ok=False, text=_BAD_DATE[language])
        people = wanted(
            tenant.professionals,
            specialty=arguments.get("specialty", ""),
            name=arguments.get("professional", ""),
        )
        if not people:
            known = "; ".join(f"{one.name} ({one.specialty})" for one in tenant.professionals)
            return ToolResult(ok=False, text=_UNKNOWN[language].format(known=known))
        rows = [_HEAD[language].format(day=f"{first:%d/%m/%Y}")]
        for one in people:
            times = [_said(opens, closes, language) for opens, closes in openings(one, first, now)]
            listed = "; ".join(times[:_MOST_TIMES]) or _NONE_NOW[language]
            rows.append(f"- {one.name} ({one.specialty}): {listed}")
        return ToolResult(ok=True, text="\n".join(rows))


def wanted(
    people: Sequence[Professional], *, specialty: str = "", name: str = ""
) -> list[Professional]:
    """Return who is meant, all where nothing is said; complaints lead to a specialty (S2-36)."""
    found = [one for one in people if not name or _is_called(one, name)]
    if not specialty:
        return found
    asked = fold(specialty)
    by_field = [
        one for one in found if asked in fold(one.specialty) or fold(one.specialty) in asked
    ]
    if by_field:
        return by_field
    return [
        one
        for one in found
        if any(fold(symptom) in asked or asked in fold(symptom) for symptom in one.symptoms)
    ]


def _is_called(one: Professional, name: str) -> bool:
    asked = set(fold(name).split()) - _TITLES
    return bool(asked) and asked <= set(fold(one.name).split())


def openings(one: Professional, first: date, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times of seven days from ``first`` that are not over, in order."""
    week: dict[str, list[tuple[time, time]]] = {}
    for slot in one.slots:
        found = _SLOT.fullmatch(slot)
        if found is None:
            raise ValueError(f"weekly time {slot!r} is not of the form 'mon 08:00-12:00'")
        opens, closes = time.fromisoformat(found[2]), time.fromisoformat(found[3])
        week.setdefault(found[1], []).append((opens, closes))
    for day in (first + timedelta(days=n) for n in range(_DAYS)):
        for opens, closes in sorted(week.get(_WEEKDAYS[day.weekday()], ())):
            start = datetime.combine(day, opens, tzinfo=now.tzinfo)
            end = datetime.combine(day, closes, tzinfo=now.tzinfo)
            if end > now:
                yield max(start, now), end


def _said(opens: datetime, closes: datetime, language: str) -> str:
    weekday = _SPOKEN[language][opens.weekday()]
    return f"{weekday} {opens:%d/%m} {opens:%H:%M}–{closes:%H:%M}"


def _first_day(text: str | None, now: datetime) -> date | None:
    """Return the day meant, never before today; None where it cannot be read or is too far."""
    today = now.date()
    if not text:
        return today
    try:
        found = _BRAZILIAN.fullmatch(text.strip())
        if found is None:
            day = date.fromisoformat(text.strip()[:10])
        else:
            day = date(int(found[3] or today.year), int(found[2]), int(found[1]))
            if found[3] is None and day < today:
                day = day.replace(year=today.year + 1)
    except ValueError:
        return None
    return max(day, today) if day <= today + timedelta(days=_FURTHEST) else None
