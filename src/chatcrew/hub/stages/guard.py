"""Guard: what of the customer's input can be read, and what has to be said about the rest."""

from dataclasses import dataclass

from chatcrew.hub import texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.signals import DropTurn, FinishTurn
from chatcrew.intents import detect_language
from chatcrew.messages import Attachment, AuthorKind, Handoff, InputKind, Line

MAX_CHARS = 4000
"""Longest text a crew reads of one burst (S0-22): more is cut in the middle."""

_MARKER = " […] "
_UNREAD = {
    "audio": ("attachment_audio", "um áudio que você não pode ouvir"),
    "image": ("attachment_image", "uma imagem que você não pode ver"),
    "video": ("attachment_file", "um vídeo que você não pode ver"),
    "file": ("attachment_file", "um arquivo que você não pode abrir"),
}
_OTHER = ("attachment_file", "um anexo que você não pode abrir")


@dataclass(frozen=True, slots=True)
class Guard:
    """Join the burst into one text; answer honestly where there is nothing to read."""

    name: str = "guard"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the text of the burst.

        Raises:
            FinishTurn: only files that cannot be read, or a message without anything to read.
            DropTurn: nothing that the customer said waits for an answer.
        """
        lines = [
            item.line
            for item in ctx.claim.burst
            if item.line is not None
            and item.kind is not InputKind.COMMAND
            and not (item.line.deleted or item.line.automatic)
        ]
        if not lines:
            lines = _take_last_words(ctx)
        if not lines:
            raise DropTurn("nothing_to_answer")
        words = "\n".join(part for part in (_words(line) for line in lines) if part)
        ctx.language = detect_language(words, default=_language_so_far(ctx))
        if not words:
            self._answer_files(ctx, lines)
        remarks = _remarks(lines)
        ctx.text = "\n".join([_cut(words), *remarks])

    def _answer_files(self, ctx: TurnContext, lines: list[Line]) -> None:
        unread = [item for line in lines for item in line.attachments]
        if unread:
            key, _ = _UNREAD.get(unread[-1].kind, _OTHER)
            raise FinishTurn(
                Reply(
                    texts.text(ctx.tenant, key, language=ctx.language),
                    engine="template",
                    reason="attachment",
                    handoff=Handoff("attachment", f"O cliente enviou {_UNREAD_NOTE[key]}."),
                    trusted=True,
                )
            )
        # Chatwoot could not represent it, or shows nothing of it: silence would be the worst answer
        words = texts.text(ctx.tenant, "unsupported", language=ctx.language)
        raise FinishTurn(Reply(words, engine="template", reason="unsupported", trusted=True))


_UNREAD_NOTE = {
    "attachment_audio": "um áudio",
    "attachment_image": "uma imagem",
    "attachment_file": "um arquivo",
}


def _language_so_far(ctx: TurnContext) -> str:
    """Return the language the customer wrote last: "ok", or a tapped title, tells none."""
    for line in reversed(ctx.history):
        if line.author.kind is AuthorKind.CUSTOMER:
            told = detect_language(line.text, default="")
            if told:
                return told
    return ctx.our_tenant().language


def _take_last_words(ctx: TurnContext) -> list[Line]:
    """Take the customer's unanswered lines out of the history: no message started this turn.

    Greetings, automations and campaigns between them answer nobody.
    """
    answered = max(
        (n for n, line in enumerate(ctx.history) if line.author.kind.answers), default=-1
    )
    waiting = [line for line in ctx.history[answered + 1 :] if _asks(line)]
    ctx.history = [line for line in ctx.history if line not in waiting]
    return waiting


def _asks(line: Line) -> bool:
    """Return whether a line asks for an answer in words; a call is the team's matter."""
    by_customer = line.author.kind is AuthorKind.CUSTOMER
    return by_customer and not line.automatic and line.content_type != "voice_call"


def _words(line: Line) -> str:
    """Return what can be read of a line: its text and what its attachments say by themselves."""
    if line.unsupported:
        return ""
    said = [line.text.strip(), *(item.text or "" for item in line.attachments)]
    return "\n".join(part for part in said if part)


def _remarks(lines: list[Line]) -> list[str]:
    """Return one bracketed remark per unread file, so that the crew does not guess."""
    unread: list[Attachment] = [
        item for line in lines for item in line.attachments if not item.text
    ]
    return [f"[O cliente também enviou {_UNREAD.get(item.kind, _OTHER)[1]}.]" for item in unread]


def _cut(words: str) -> str:
    """Keep beginning and end of a text that is too long: questions stand at either."""
    if len(words) <= MAX_CHARS:
        return words
    tail = MAX_CHARS // 4
    head = MAX_CHARS - tail - len(_MARKER)
    return words[:head] + _MARKER + words[-tail:]
