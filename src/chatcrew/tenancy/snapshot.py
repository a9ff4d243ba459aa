"""A whole configuration as it was read, so that a process can start while a file is broken."""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

import orjson

from chatcrew.tenancy._loader import Loader
from chatcrew.tenancy._reading.files import Source, Sources, gather
from chatcrew.tenancy.model import Configuration, Document

_FORMAT = 2


def snapshot(mapping: Path, config_dir: Path, crews_dir: Path) -> tuple[str, bytes]:
    """Return version and content of the files as they are now; secrets are no part of them.

    Of documents only the digest is kept: their passages are in the index, by that digest.
    """
    sources = gather(mapping, config_dir, crews_dir)
    rows = [
        *(("domain", *key, *_row(one)) for key, one in sources.domains.items()),
        *(("crew", *key, *_row(one)) for key, one in sources.crews.items()),
        *(("function", name, "", *_row(one)) for name, one in sources.functions.items()),
    ]
    for (domain, name), held in sources.documents.items():
        rows += [("document", domain, name, one.path, one.place, _known(one)) for one in held]
    for kind, one in (("mapping", sources.mapping), ("models", sources.models)):
        if one is not None:
            rows.append((kind, "", "", *_row(one)))
    return sources.version(), orjson.dumps({"format": _FORMAT, "files": rows})


def version_of(raw: bytes) -> str | None:
    """Return the version of a snapshot, None where it is none; parses no file of it."""
    try:
        value = orjson.loads(raw)
        return _sources(value["files"]).version() if value["format"] == _FORMAT else None
    except (ValueError, KeyError, TypeError):
        return None


def restored(
    raw: bytes, mapping: Path, config_dir: Path, crews_dir: Path, *, tools: Collection[str]
) -> Configuration | None:
    """Return the configuration that a snapshot holds, None where it holds none.

    Args:
        raw: what ``snapshot`` returned.
        mapping: where the mapping lies: relative references of secrets start there.
        config_dir: folder that holds ``domains/``.
        crews_dir: folder of crews and functions.
        tools: names of the tools that roles may use.
    """
    try:
        value = orjson.loads(raw)
        if value["format"] != _FORMAT:
            return None
        sources = _sources(value["files"])
    except (ValueError, KeyError, TypeError):
        return None
    loader = Loader(sources, tools)
    return loader.configuration(mapping, config_dir=config_dir, crews_dir=crews_dir)


def sources_of(raw: bytes) -> Sources | None:
    """Return the files that a snapshot holds, None where it holds none."""
    try:
        value = orjson.loads(raw)
        return _sources(value["files"]) if value["format"] == _FORMAT else None
    except (ValueError, KeyError, TypeError):
        return None


def _row(source: Source) -> tuple[str, str, str]:
    return source.name, source.file, source.raw.decode("utf-8", "replace")


def _known(document: Document) -> str:
    return f"{document.digest} {document.size}"


def _sources(rows: list[list[str]]) -> Sources:
    found = Sources()
    for kind, first, second, name, file, text in rows:
        if kind == "document":
            digest, _, size = text.partition(" ")
            document = Document(name, digest, int(size), file)
            held = found.documents.get((first, second), ())
            found.documents[first, second] = (*held, document)
            continue
        raw = text.encode()
        source = Source(name, file, raw, sha256(raw).digest())
        if kind == "domain":
            found.domains[first, second] = source
        elif kind == "crew":
            found.crews[first, second] = source
        elif kind == "function":
            found.functions[first] = source
        elif kind == "mapping":
            found.mapping = source
        else:
            found.models = source
    return found
