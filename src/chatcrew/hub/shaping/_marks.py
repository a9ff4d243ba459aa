"""What each kind of markup shows of CommonMark (contract §7: what Chatwoot converts and loses)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|center|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|ins|kbd|li|"
    r"mark|ol|p|pre|s|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"(?:\s[^<>\n]{0,300})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[ \t]*<br\s{0,3}/?>[ \t]*\n?", re.IGNORECASE)
_OPENS_TAG = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Marks:
    """How a channel's text is written.

    Attributes:
        converted: Chatwoot reads the text as CommonMark, so that marks stay marks, and what must
            not be read as one has to be escaped.
        strong: around bold words; "" shows them plain.
        struck: around struck-out words.
        links: a link's words may carry its address; else the address stands behind them.
        fenced: a block of code keeps its fence.
        quote: before each line of a quotation.
    """

    converted: bool = False
    strong: str = ""
    struck: str = ""
    links: bool = False
    fenced: bool = False
    quote: str = ""

    def words(self, text: str) -> str:
        """Return words as they are to be written.

        Chatwoot drops raw HTML with all that stands in it, so tags become what they mean or go,
        and anything else in angle brackets ("<seu nome>") is escaped.
        """
        text = _TAG.sub("", _BREAK.sub("\n", text)) if "<" in text else text
        return _OPENS_TAG.sub(r"\\<", text) if self.converted else text

    def link(self, words: str, url: str) -> str:
        """Return a link: with words where they survive, else the bare address behind them."""
        shown = words.strip()
        bare = re.sub(r"^(?:mailto|tel):", "", url)
        if not shown or not url or not bare:
            return words or bare
        if shown in url or (_digits(shown) and _digits(bare).endswith(_digits(shown))):
            return bare if shown in bare else shown
        if self.links and bare == url:
            return f"[{words}]({url})"
        return f"{words.rstrip(' :')}: {bare}"


def _digits(text: str) -> str:
    """Return the digits of a telephone, "" of anything else."""
    return "" if re.search(r"[^\d\s()+.-]", text) else re.sub(r"\D", "", text)


MARKS: Mapping[str, Marks] = {
    # WhatsApp: **b** becomes *b*; ~~x~~ is not converted, ~x~ is what WhatsApp itself reads;
    # links lose their words, headings their marks, tables stay pipes, images lose their address.
    "whatsapp": Marks(converted=True, strong="**", struck="~", fenced=True, quote="> "),
    # Telegram: a subset of HTML, which has links with words.
    "telegram": Marks(
        converted=True, strong="**", struck="~~", links=True, fenced=True, quote="> "
    ),
    # Messenger, Instagram, LINE, SMS show marks as they are, and an API inbox gets the raw text.
    "plain": Marks(),
}
