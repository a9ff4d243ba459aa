"""``chatcrew new-domain``: the files of a new business, valid at once and ready to be edited."""

import json
import os
import re
from pathlib import Path

import typer

from chatcrew.cli._new_domain_texts import BASE, SAID, SCHEMA, TENANT, TESTS
from chatcrew.settings import Settings

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*")
_SCHEMAS = Path("docs") / "schema"


class _Refused(Exception):
    """Nothing was written; names the sentence and what it is filled with."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def run_new_domain(settings: Settings, tenant: str, *, business: str | None, lang: str) -> int:
    """Write the files and say what to do next; return the exit code: 0, or 2 if nothing was.

    Args:
        settings: where the files belong.
        tenant: ``domain/name``.
        business: as customers read it; None: made of the name.
        lang: ``pt-BR`` or ``en``, for what is said here.
    """
    words = SAID.get(lang, SAID["pt-BR"])
    try:
        written = _write(settings, tenant, business)
    except _Refused as refused:
        typer.echo(words[refused.key].format(**refused.values), err=True)
        return 2
    for path in written:
        typer.echo(words["written"].format(file=path.as_posix()))
    own, tests = written[-2], written[-1]
    typer.echo(words["next"])
    for key in ("edit", "map", "check", "test", "chat"):
        filled = {"file": own.as_posix(), "tests": tests.as_posix(), "tenant": tenant}
        typer.echo("  " + words[key].format(**filled))
    return 0


def _write(settings: Settings, tenant: str, business: str | None) -> list[Path]:
    """Write the base file if it is missing, then the tenant's own, then its tests.

    Raises:
        _Refused: the name is none, a file is there already, or the folder cannot be written.
    """
    if _TENANT.fullmatch(tenant) is None:
        raise _Refused("bad_tenant", word=tenant)
    domain, name = tenant.split("/")
    folder = settings.config_dir / "domains" / domain
    known = {
        "domain": domain,
        "tenant": tenant,
        "business": _text(business or name.replace("-", " ").replace("_", " ").title()),
        "function": _function(settings.crews_dir / "functions"),
    }
    wanted = {
        folder / "_base.yaml": _schema(folder, "domain") + BASE.format(**known),
        folder / f"{name}.yaml": _schema(folder, "domain") + TENANT.format(**known),
        folder / f"{name}.tests.yaml": _schema(folder, "tests") + TESTS.format(**known),
    }
    base, *own = wanted
    for path in own:
        if path.exists():
            raise _Refused("there_already", file=path.as_posix())
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in wanted.items():
            if path is base and path.exists():
                continue
            # "x": should somebody else write it in this very moment, his file stays.
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            written.append(path)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise _Refused("not_written", file=folder.as_posix(), reason=error.strerror) from None
    return written


def _text(value: str) -> str:
    """Return a text as YAML reads it back, in quotes only where they are needed."""
    plain = re.fullmatch(r"[^\W\d_][\w '.-]*[\w.]", value)
    reserved = value.lower() in ("true", "false", "null")
    return value if plain and not reserved else json.dumps(value, ensure_ascii=False)


def _function(folder: Path) -> str:
    """Return the function a new business begins with: support, else the first there is.

    Raises:
        _Refused: there is none.
    """
    names = sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []
    if not names:
        raise _Refused("no_function", folder=folder.as_posix())
    return "support" if "support" in names else names[0]


def _schema(folder: Path, name: str) -> str:
    """Return the line by which editors find the schema; none where it was not shipped along."""
    schema = Path.cwd() / _SCHEMAS / f"{name}.schema.json"
    if not schema.is_file():
        return ""
    return SCHEMA.format(path=Path(os.path.relpath(schema, folder.absolute())).as_posix())
