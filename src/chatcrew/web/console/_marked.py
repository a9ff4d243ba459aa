"""Marks of Chatwoot in a message (bold, code, quotes) as HTML that holds nothing else; pure."""

import re

from markupsafe import Markup, escape

_MARKS = (
    (re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"^&gt; ?(.*)$", re.MULTILINE), r'<span class="quoted">\1</span>'),
    (re.compile(r"^[-*] ", re.MULTILINE), "• "),
)


def marked(text: str) -> Markup:
    """Return a message as operators see it in Chatwoot; whatever else it holds is shown as text."""
    html = str(escape(text))
    for mark, shown in _MARKS:
        html = mark.sub(shown, html)
    return Markup(html)  # noqa: S704 - escaped above; the marks add tags of ours alone
