"""What this package says about how bot and people work together, in English and in Portuguese."""

from collections.abc import Mapping

PEOPLE_MESSAGES: Mapping[str, tuple[str, str]] = {
    "bad_opening": (
        "{word!r} names no days with their times",
        "{word!r} não diz dias com seus horários",
    ),
    "bad_hours": ("{word!r} is no time of opening", "{word!r} não é um horário de funcionamento"),
    "bad_holiday": ("{word!r} is not a day", "{word!r} não é um dia"),
}

PEOPLE_HINTS: Mapping[str, tuple[str, str]] = {
    "bad_opening": (
        "write 'mon-fri 08:00-12:00, 13:00-18:00' or 'sat 08:00-12:00'",
        "escreva 'seg-sex 08:00-12:00, 13:00-18:00' ou 'sáb 08:00-12:00'",
    ),
    "bad_hours": (
        "write '08:00-12:00'; 24:00 is the end of a day",
        "escreva '08:00-12:00'; 24:00 é o fim do dia",
    ),
    "bad_holiday": (
        "write '2026-04-03', '12-25' for each year's, or '2026-12-24/2027-01-02'",
        "escreva '2026-04-03', '12-25' para todo ano, ou '2026-12-24/2027-01-02'",
    ),
}
