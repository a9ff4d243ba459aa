"""What ``doctor`` says: each finding with its advice, in two languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatcrew.provision.sentences import FEATURES, SENTENCES, WORDS
from chatcrew.provision.upstream import in_words

Level = Literal["ok", "warning", "fault"]

_OTHER = ("; tem o bot {name!r}", "; it has the bot {name!r}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        account: label.
        probe: what was looked at: ``version``, ``clock``, ``token``, …
        level: ``ok``, ``warning`` or ``fault``.
        code: which sentence.
        values: what it is filled with; never a secret.
        features: names of features that do not work because of it.
    """

    account: str
    probe: str
    level: Level
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    features: tuple[str, ...] = ()

    def render(self, language: str) -> str:
        """Return the sentence in ``pt-BR`` or ``en``."""
        index = 0 if language == "pt-BR" else 1
        values = dict(self.values)
        never = self.code == "deliveries_lost" and values.get("ago") is None
        code = "deliveries_none" if never else self.code
        for key in ("ago", "activity"):
            if key in values:
                values[key] = _span(values[key], index)
        if self.code == "unreachable":
            values["reason"] = in_words(str(values["reason"]))[index]
        if "other" in values:
            other = values["other"]
            values["other"] = "" if other is None else _OTHER[index].format(name=other)
        if "missing" in values:
            pairs = values["missing"]
            assert isinstance(pairs, tuple), "both languages of each feature"
            values["missing"] = "; ".join(pair[index] for pair in pairs)
        if self.code == "files_message":
            pair = values["message"]
            assert isinstance(pair, tuple), "both languages of a fault"
            values["message"] = pair[index]
        if "denied" in values:
            denied = values["denied"]
            assert isinstance(denied, tuple), "names of rights"
            values["denied"] = ", ".join(WORDS[name][index] for name in denied)
        return SENTENCES[code][index].format(**values)

    @property
    def about(self) -> tuple[object, ...]:
        """What tells it from others: found again it is the same, with other figures in it."""
        return self.code, self.values.get("bot"), self.values.get("inbox")

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values, which ``findings_of`` reads."""
        return {
            "account": self.account,
            "probe": self.probe,
            "level": self.level,
            "code": self.code,
            "values": dict(self.values),
            "features": list(self.features),
        }


def findings_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Read what ``as_json`` made; what only another version of this program says is left out."""
    return tuple(
        Finding(
            account=str(row["account"]),
            probe=str(row["probe"]),
            level=row["level"],
            code=str(row["code"]),
            values={key: _frozen(value) for key, value in row["values"].items()},
            features=tuple(str(name) for name in row["features"] if name in FEATURES),
        )
        for row in rows
        if row["code"] in SENTENCES
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _span(seconds: object, index: int) -> str:
    """Return a span of time as people say it."""
    if not isinstance(seconds, int | float):
        return ("nunca", "never")[index]
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{max(0.0, seconds):.0f} s"
