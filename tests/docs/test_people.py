"""What operators read about who gets a conversation is so."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from chatcrew.tenancy._shapes.people import PeopleShape
from chatcrew.tenancy._values.people import made_people
from chatcrew.tenancy.calendar import Calendar

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["docs/operators.md", "docs/operators.pt-BR.md"])
def test_the_example_of_a_clinics_people_is_accepted_and_means_what_it_says(page: str) -> None:
    """Whoever copies it is closed at noon, on Good Friday and over the turn of the year (S3-79)."""
    _, _, rest = (ROOT / page).read_text("utf-8").partition("<!-- example: a clinic's people -->")
    (example, *_) = re.findall(r"```yaml\n(.*?)```", rest, re.DOTALL)
    shape = PeopleShape.model_validate(yaml.safe_load(example)["people"])
    people = made_people(shape.model_dump(exclude_none=True))
    calendar = Calendar(people.opening, ZoneInfo("America/Sao_Paulo"))

    def open_at(text: str) -> bool:
        here = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Sao_Paulo"))
        return calendar.is_open(here.astimezone(UTC))

    assert open_at("2026-11-25 09:00")
    assert open_at("2026-11-28 11:00")
    assert open_at("2026-12-23 11:00")
    for closed in ("2026-11-25 12:30", "2026-04-03 09:00", "2026-12-23 14:00", "2026-12-30 09:00"):
        assert not open_at(closed)
    policy = people.distribution
    assert (policy.method, policy.team, policy.per_agent) == ("round_robin", "atendimento", 15)
    assert policy.specialties[0].topics == ("boleto", "nota_fiscal")
