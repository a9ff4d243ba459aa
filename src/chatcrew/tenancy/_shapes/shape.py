"""What every YAML shape shares: unknown keys refused, no silent conversion, no empty text."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

LABEL = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
"""Labels of accounts and bots: they stand in URLs and in conversation ids."""

NAME = r"^[a-z_][a-z0-9_]{0,62}$"
"""Names of channels, functions, roles, tasks, intents and tools."""

MODEL = r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$"
"""Names of models, as providers write them: gpt-4.1-mini, llama3.2:3b, mistralai/Mistral-7B."""

TAG = r"^[\w-]+$"
"""A conversation's label in Chatwoot (app/models/label.rb), of at most 60 signs.

Not counted here: Unicode's letters, sixty times over, take 3 MB wherever a key has this pattern.
"""

TAG_OR_NONE = r"^[\w-]*$"
"""The same, or nothing."""

TENANT = r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*$"
"""``domain/tenant``: the folder and file name under ``config/domains``."""

DURATION = r"^[1-9][0-9]{0,3}[mhd]$"
"""Minutes, hours or days: ``90m``, ``24h``, ``7d``."""

ATTRIBUTE = r"^[A-Za-z][A-Za-z0-9_-]{0,62}$"
"""The key of a custom attribute in Chatwoot."""

HEADER = r"^[A-Za-z0-9-]{1,60}$"
"""The name of an HTTP header."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Label = Annotated[str, StringConstraints(pattern=LABEL)]
Name = Annotated[str, StringConstraints(pattern=NAME)]
Tag = Annotated[str, StringConstraints(pattern=TAG, max_length=60)]
TagOrNone = Annotated[str, StringConstraints(pattern=TAG_OR_NONE, max_length=60)]
TenantKey = Annotated[str, StringConstraints(pattern=TENANT)]


class Shape(BaseModel):
    """One map of a YAML file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
