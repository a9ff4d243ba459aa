"""What a browser would run or load of a page, beside what is ours."""

import re
from html.parser import HTMLParser

_OURS = re.compile(
    r"/console/static/[a-z.0-9-]+\?v=[0-9a-f]{12}|static/[a-z.0-9-]+\?v=[0-9a-f]{12}"
)
_INNER = {"script", "style", "iframe", "object", "embed", "img", "base", "form", "math", "link"}


class Page(HTMLParser):
    """What a browser would run or load of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.odd: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is not of our making."""
        given = {key: value or "" for key, value in attrs}
        for key, value in given.items():
            address = value.replace("\t", "").replace("\n", "").strip().lower()
            if key.startswith("on") or key in ("style", "srcdoc"):
                self.odd.append(f"{tag} {key}")
            if key in ("href", "src", "action", "formaction", "hx-get", "hx-post", "data") and (
                re.match(r"[a-z]+:|//", address)
            ):
                self.odd.append(f"{tag} {key}={value}")
        loads = given.get("src") or (given.get("href") if tag == "link" else None)
        inner = tag in _INNER and tag not in ("form",)
        if inner and (loads is None or not _OURS.fullmatch(loads)):
            self.odd.append(f"{tag} {attrs}")
        if tag == "b" and "onclick" in given:
            self.odd.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep what people read."""
        self.text += data
