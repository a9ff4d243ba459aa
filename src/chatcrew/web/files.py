"""Templates and static files of a part of the web, read once: the tab's and the console's."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from types import CodeType
from typing import Any, ClassVar

import jinja2
from aiohttp import web
from jinja2.bccache import Bucket

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_KEPT = "public, max-age=31536000, immutable"


class _Compiled(jinja2.BytecodeCache):
    """Code of templates that this process, or the one it was forked from, compiled before.

    Kept apart for each folder: other filters may have been applied while compiling.
    """

    _known: ClassVar[dict[tuple[str, str, str], CodeType]] = {}

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """See ``BytecodeCache``."""
        bucket.code = self._known.get((self._folder, bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See ``BytecodeCache``; of two threads that compile the same, the first is kept by all."""
        if bucket.code is not None:
            self._known.setdefault((self._folder, bucket.key, bucket.checksum), bucket.code)


@dataclass(frozen=True, slots=True)
class Files:
    """What pages are made of.

    Attributes:
        templates: every one of them compiled.
        static: by name.
        version: changes with any static file; it stands in their addresses.
        words: of the templates, by language and name.
        headers: of every static file.
    """

    templates: jinja2.Environment
    static: Mapping[str, bytes]
    version: str
    words: Mapping[str, Mapping[str, Any]]
    headers: Mapping[str, str]

    def render(self, template: str, language: str, **values: Any) -> str:
        """Return a template with its words; everything that is put in is escaped."""
        return self.templates.get_template(template).render(
            t=self.words[language], lang=language, version=self.version, **values
        )

    def file(self, name: str) -> web.Response:
        """Return one static file; its address changes with its content, so it may be kept.

        Raises:
            web.HTTPNotFound: there is none of that name.
        """
        kind = _TYPES.get(name.rsplit(".", 1)[-1])
        if name not in self.static or kind is None:
            raise web.HTTPNotFound
        headers = {**self.headers, "Cache-Control": _KEPT}
        return web.Response(
            body=self.static[name], content_type=kind, charset="utf-8", headers=headers
        )


def read(
    folder: Traversable,
    *,
    words: Mapping[str, Mapping[str, Any]],
    headers: Mapping[str, str],
    filters: Mapping[str, Callable[..., Any]],
    shared: Mapping[str, bytes] | None = None,
) -> Files:
    """Read ``templates/`` and ``static/`` of a folder (blocking); a template at fault is raised.

    Args:
        folder: of the package.
        words: by language and name.
        headers: of every static file.
        filters: of the templates.
        shared: static files of other folders, by name.
    """
    sources = {one.name: one.read_text("utf-8") for one in (folder / "templates").iterdir()}
    static = {one.name: one.read_bytes() for one in (folder / "static").iterdir()}
    static |= shared or {}
    templates = jinja2.Environment(
        loader=jinja2.DictLoader(sources),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(str(folder)),
    )
    templates.filters.update(filters)
    for name in sources:
        templates.get_template(name)
    whole = hashlib.sha256(b"\0".join(static[name] for name in sorted(static)))
    return Files(templates, static, whole.hexdigest()[:12], words, headers)
