"""``chatcrew new-domain``: the files of a new business, valid at once and ready to be edited."""

import json
import os
import re
from pathlib import Path

import typer

from chatcrew.cli._called import called
from chatcrew.cli._new_domain_left import left_lines
from chatcrew.cli._new_domain_texts import BASE, COPY, SAID, SCHEMA, TENANT, TESTS
from chatcrew.cli._reasons import system_reason
from chatcrew.settings import Settings

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*")
_BUSINESS = re.compile(r"(?m)^ +business: *(\S.*?) *(?:#.*)?$")
_HEAD = re.compile(r"\A(# yaml-language-server:.*\n)?(?:#.*\n)*")
"""The comment at the top, which says what the example is."""
_SCHEMAS = Path("docs") / "schema"


class _Refused(Exception):
    """Nothing was written; names the sentence and what it is filled with."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def run_new_domain(
    settings: Settings, tenant: str, *, business: str | None, like: str | None = None, lang: str
) -> int:
    """Write the files and say what to do next; return the exit code: 0, or 2 if nothing was.

    Args:
        settings: where the files belong.
        tenant: ``domain/name``.
        business: as customers read it; None: made of the name.
        like: a business whose files are copied, such as ``cosmetics/bella``.
        lang: ``pt-BR`` or ``en``, for what is said here.
    """
    words = SAID.get(lang, SAID["pt-BR"])
    try:
        written = _write(settings, tenant, business, like)
    except _Refused as refused:
        values = {
            key: system_reason(one, lang) if isinstance(one, OSError) else one
            for key, one in refused.values.items()
        }
        typer.echo(words[refused.key].format(**values), err=True)
        return 2
    for path in written:
        typer.echo(words["written"].format(file=path.as_posix()))
    own, tests = written[-2], written[-1]
    if like is not None:
        typer.echo(words["left"].format(like=like))
        original = settings.config_dir / "domains" / f"{like}.yaml"
        for line in left_lines(original.read_text(encoding="utf-8"), written):
            typer.echo(f"  {line}")
    typer.echo(words["next"])
    for key in ("edit", "map", "check", "test", "chat"):
        filled = {"file": own.as_posix(), "tests": tests.as_posix(), "tenant": tenant}
        typer.echo("  " + words[key].format(called=called(), **filled))
    return 0


def _write(settings: Settings, tenant: str, business: str | None, like: str | None) -> list[Path]:
    """Write the base file if it is missing, then the tenant's own, then its tests.

    Raises:
        _Refused: a name is none, a file is there already, or the folder cannot be written.
    """
    for word in (tenant, *([] if like is None else [like])):
        if _TENANT.fullmatch(word) is None:
            raise _Refused("bad_tenant", word=word)
    domain, name = tenant.split("/")
    folder = settings.config_dir / "domains" / domain
    texts = (
        _made(settings, folder, tenant, business)
        if like is None
        else _copied(settings.config_dir / "domains", like, tenant, business)
    )
    names = ("_base.yaml", f"{name}.yaml", f"{name}.tests.yaml")
    wanted = {folder / file: text for file, text in zip(names, texts, strict=True)}
    base, *own = wanted
    if like is not None and base.exists() and not like.startswith(f"{domain}/"):
        raise _Refused("other_base", file=base.as_posix())
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
        raise _Refused("not_written", file=folder.as_posix(), reason=error) from None
    return written


def _made(
    settings: Settings, folder: Path, tenant: str, business: str | None
) -> tuple[str, str, str]:
    """Return what stands in the files of a business that begins with nothing."""
    domain, name = tenant.split("/")
    known = {
        "domain": domain,
        "tenant": tenant,
        "business": _text(business or name.replace("-", " ").replace("_", " ").title()),
        "function": _function(settings.crews_dir / "functions"),
    }
    return (
        _schema(folder, "domain") + BASE.format(**known),
        _schema(folder, "domain") + TENANT.format(**known),
        _schema(folder, "tests") + TESTS.format(**known),
    )


def _copied(domains: Path, like: str, tenant: str, business: str | None) -> tuple[str, str, str]:
    """Return the files of another business with the new one's names in them.

    Raises:
        _Refused: it has no such files, or the name could not stand in every sentence of them.
    """
    if business is not None and _text(business) != business:
        raise _Refused("odd_business", word=business)
    (source, name), (domain, _) = like.split("/"), tenant.split("/")
    folder = domains / source
    texts = []
    for file in (folder / "_base.yaml", folder / f"{name}.yaml", folder / f"{name}.tests.yaml"):
        try:
            texts.append(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise _Refused("not_copied", file=file.as_posix(), reason=error) from None
    named = _BUSINESS.search(texts[1])
    changes = {like: tenant, f"{source}/_base.yaml": f"{domain}/_base.yaml"}
    if business is not None and named is not None:
        changes[named[1]] = business
    for old, new in changes.items():
        texts = [text.replace(old, new) for text in texts]
    base, own, tests = texts
    return (
        base,
        _HEAD.sub(lambda head: (head[1] or "") + COPY.format(like=like), own, count=1),
        tests,
    )


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
