"""Marks of Chatwoot in what the console shows of a conversation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.web.console._marked import marked

_OURS = re.compile(r'</?(?:b|code|span)>|<span class="quoted">')


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("🤝 **passou**: ok", "🤝 <b>passou</b>: ok"),
        ("veja `a.yaml:3`", "veja <code>a.yaml:3</code>"),
        (
            "> oi\n> tudo bem?",
            '<span class="quoted">oi</span>\n<span class="quoted">tudo bem?</span>',
        ),
        ("- um\n- dois", "• um\n• dois"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("<b>não</b> & **<i>**", "&lt;b&gt;não&lt;/b&gt; &amp; <b>&lt;i&gt;</b>"),
    ],
)
def test_a_note_is_read_as_in_chatwoot(said: str, shown: str) -> None:
    """Bold, code, quotes and lists have no marks any more; other signs stay (S2-19)."""
    assert marked(said) == shown


@given(st.text(alphabet="<>*`&\"'/ab -\n=", max_size=60))
def test_no_message_brings_html_of_its_own(said: str) -> None:
    """Without the tags that this page makes nothing is left that a browser takes for one."""
    left = _OURS.sub("", str(marked(said)))

    assert "<" not in left
    assert ">" not in left
