"""What is said about files of a burst that nobody could read: to the customer, crew and team."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatcrew.hub import texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Attachment, AuthorKind, Handoff, Line, SentFile, Unread, WhyUnread

OPENED = frozenset(
    {
        *("audio", "image", "video", "file"),
        *("share", "story_mention", "ig_story", "ig_post", "ig_reel"),
    }
)
"""Chatwoot's kinds of files that have to be opened to know what they say."""

_STORIES = OPENED - {"audio", "image", "video", "file"}
"""Of these, kinds that say enough by being sent: nobody is asked to send a mention again."""

_TO_PEOPLE: frozenset[WhyUnread] = frozenset({"off", "no_model", "model_down", "too_many"})
"""Where the customer can do nothing about it."""

_CANNOT = {"audio": "attachment_audio", "image": "attachment_image"}
KEYS: Mapping[WhyUnread, str] = {
    "model_down": "attachment_down",
    "too_many": "attachment_down",
    "too_big": "attachment_too_big",
    "too_long": "attachment_too_big",
    "type": "attachment_type",
    "video": "attachment_video",
    "unreadable": "attachment_unclear",
    "download": "attachment_again",
    "late": "attachment_again",
}
"""What the customer reads for each reason; for the others it goes by the kind of file."""

_NAMES = {
    "pt-BR": {"audio": "seu áudio", "image": "sua imagem", "video": "seu vídeo"},
    "en": {"audio": "your voice message", "image": "your picture", "video": "your video"},
    "es": {"audio": "su audio", "image": "su imagen", "video": "su video"},
}
_FILE = {"pt-BR": "seu arquivo", "en": "your file", "es": "su archivo"}
_AND = {"pt-BR": "e", "en": "and", "es": "y"}
_TEAM = {"audio": "um áudio", "image": "uma imagem", "video": "um vídeo"}
_VERBS = {"audio": "ouvir", "image": "ver", "video": "ver"}
_WHY: Mapping[WhyUnread, str] = {
    "off": "a leitura está desligada para esta empresa",
    "too_big": "passa de {limit}",
    "too_long": "dura mais de {limit}",
    "type": "é de um tipo que o bot não abre",
    "video": "o bot não assiste a vídeos",
    "download": "não pôde ser baixado do Chatwoot",
    "no_model": "nenhum modelo configurado consegue ler",
    "model_down": "o modelo que lê não respondeu",
    "unreadable": "nada se entende nele",
    "late": "a leitura demorou demais",
    "too_many": "vieram arquivos demais de uma vez",
}


def to_open(lines: Sequence[Line]) -> list[SentFile]:
    """Return the files of these messages that nobody has opened yet, in order."""
    return [
        SentFile(line.message_id, place, item)
        for line in lines
        for place, item in enumerate(line.attachments)
        if item.kind in OPENED and not item.text
    ]


def filled(line: Line, said: Mapping[str, str]) -> Line:
    """Return a message whose files have their text, where ``said`` knows it by reference."""
    items = tuple(
        replace(item, text=said.get(SentFile(line.message_id, place, item).ref) or item.text)
        for place, item in enumerate(line.attachments)
    )
    return replace(line, attachments=items)


def says_enough(item: Attachment) -> bool:
    """Return whether a file says something by being sent: a mention, a shared post."""
    return item.kind in _STORIES


def missed(unread: Sequence[tuple[Attachment, Unread]]) -> list[tuple[Attachment, Unread]]:
    """Return the files about which somebody has to be told something."""
    return [(item, why) for item, why in unread if item.kind not in _STORIES]


def named(items: Sequence[Attachment], language: str) -> str:
    """Return what files are called to the customer who sent them: ``seu áudio e sua imagem``."""
    known = _NAMES.get(language, _NAMES["pt-BR"])
    other = _FILE.get(language, _FILE["pt-BR"])
    names = [
        known.get(item.kind) or " ".join(filter(None, [other, item.name and f"“{item.name}”"]))
        for item in items
    ]
    names = list(dict.fromkeys(names))
    ends = [", ".join(names[:-1]), names[-1]] if names else []
    return f" {_AND.get(language, 'e')} ".join(filter(None, ends))


def reply(ctx: TurnContext, unread: Sequence[tuple[Attachment, Unread]]) -> Reply:
    """Return what the customer reads where nothing of the burst could be read.

    Asked once more in vain, people see to it: nobody is sent round in circles.
    """
    item, why = unread[-1]
    key = KEYS.get(why.why) or _CANNOT.get(item.kind, "attachment_file")
    words = texts.text(ctx.tenant, key, language=ctx.language)
    words = words.replace("{what}", named([item], ctx.language)).replace("{limit}", why.limit)
    if why.why not in _TO_PEOPLE and not _was_said(ctx):
        return Reply(words, engine="template", reason=f"unread:{why.why}", trusted=True)
    if why.why not in _TO_PEOPLE:
        words = texts.text(ctx.tenant, "attachment_down", language=ctx.language)
        words = words.replace("{what}", named([item], ctx.language))
    return Reply(
        words,
        engine="template",
        reason="attachment",
        handoff=Handoff("attachment", f"O cliente enviou {told(unread)}."),
        trusted=True,
        details={"unread": [one.why for _, one in unread]},
    )


def remarks(unread: Sequence[tuple[Attachment, Unread]]) -> list[str]:
    """Return one bracketed remark per file that a crew does not get to read, lest it guess."""
    return [
        f"[O cliente também enviou {_TEAM.get(item.kind, 'um arquivo')} que você não pode "
        f"{_VERBS.get(item.kind, 'abrir')}.]"
        for item, _ in unread
    ]


def note(unread: Sequence[tuple[Attachment, Unread]]) -> str:
    """Return the private note where nobody is called: the team may open what the bot did not."""
    return f"📎 O cliente enviou {told(unread)}. (A file was not read.)"


def told(unread: Sequence[tuple[Attachment, Unread]]) -> str:
    """Return what the team reads: which files, and why the bot did not read them."""
    return "; ".join(
        f"{_team_name(item)} que o bot não leu: {_WHY[why.why].replace('{limit}', why.limit)}"
        for item, why in unread
    )


def _team_name(item: Attachment) -> str:
    return _TEAM.get(item.kind) or " ".join(
        filter(None, ["um arquivo", item.name and f"“{item.name}”"])
    )


def _was_said(ctx: TurnContext) -> bool:
    """Return whether our newest message asked for another file already.

    By its last sentence: a channel may have split the rest into a bubble of its own.
    """
    ours = [line.text.strip() for line in ctx.history if line.author.kind is AuthorKind.BOT]
    asked = (
        texts.text(ctx.tenant, key, language=language).rpartition("}")[2].rpartition(". ")[2]
        for key in set(KEYS.values()) - {"attachment_down"}
        for language in _FILE
    )
    return bool(ours) and ours[-1].endswith(tuple(one.strip() for one in asked))
