"""Makes proposals for the admin of what operators say, change or delete of the bot's words."""

from datetime import datetime, timedelta

from chatcrew.clock import Clock
from chatcrew.conversations import History, PostgresHistory
from chatcrew.database import Database
from chatcrew.hub.corrections_port import Correction
from chatcrew.hub.shaping import literal
from chatcrew.ids import ConversationId
from chatcrew.messages import Claim, Fate, Suggested
from chatcrew.proposals import (
    Cause,
    Content,
    Kind,
    NewProposal,
    PostgresProposals,
    PostgresReplies,
    Proposals,
    Said,
    corrects,
    plain,
    question_before,
    tidy,
)

LINES = 60
"""Newest lines among which the question of a reply is looked for."""

DELETED_FOR = timedelta(days=7)
"""So long after it was sent a reply's deletion is taken for a correction."""

_LEAST = 4
_NO_TENANT = "📝 Esta conversa não é de nenhuma empresa conhecida. (No known business.)"
_NOTHING = (
    "📝 Não achei o que corrigir: o bot ainda não respondeu nada aqui. Escreva "
    "`/bot corrigir pergunta => resposta`. (Nothing to correct yet: write question => answer.)"
)
_WRONG = (
    "📝 **Anotado** (proposta {id}): a última resposta estava errada. Qual seria a certa? "
    "`/bot corrigir A resposta certa.` (Noted as wrong; what would be right?)"
)
_KNOWN = (
    "📝 A proposta {id} já diz o que seria certo: “{right}”. Para mudar: "
    "`/bot corrigir A resposta certa.` (Proposal {id} says already what would be right.)"
)
_MADE = (
    "📝 **Proposta {id}** para a administração: {what}. Nada muda até alguém aceitar "
    "(`chatcrew proposals show {id}`).{more} "
    "(Proposal {id}: nothing changes before it is accepted.)"
)
_INTENT = " A resposta veio da intenção `{name}`, que vem antes do FAQ: talvez ela precise mudar."


class StoredCorrections:
    """Satisfies ``hub.corrections_port.Corrections``.

    Args:
        proposals: where they are kept.
        replies: what the bot said.
        history: what was said around it.
    """

    def __init__(self, proposals: Proposals, *, replies: PostgresReplies, history: History) -> None:
        self._proposals = proposals
        self._replies = replies
        self._history = history

    async def propose(self, claim: Claim, correction: Correction) -> str:
        """See ``Corrections.propose``; again in the same turn it changes nothing.

        Raises:
            StoreError: the storage is away.
        """
        conversation, tenant = claim.key.conversation, claim.state.tenant
        if tenant is None:
            return _NO_TENANT
        said = await self._replies.last(conversation, turn=correction.turn)
        if said is not None and said.tenant != tenant:
            said = None
        question = plain(correction.question)
        if not question and said is not None:
            question = await self._question(conversation, said)
        if correction.rule:
            return await self._ruled(claim, correction, said=said, question=question, tenant=tenant)
        if not question:
            return _NOTHING
        ours = said is not None and not correction.question
        key = said.key if said is not None and ours else f"said:{conversation.bot}:{correction.key}"
        made = await self._proposals.make(
            NewProposal(
                key=key,
                tenant=tenant,
                conversation=conversation,
                kind=Kind.FAQ,
                cause=Cause.COMMAND,
                made_by=correction.by,
                content=_content(
                    tidy(correction.text), question, said if ours else None, claim.state.channel
                ),
            )
        )
        if not correction.text:
            known = made.new.content.text
            told = _WRONG if not known else _KNOWN
            return told.format(id=made.id, right=known[:200])
        asked, answer = literal(question, limit=120), literal(correction.text, limit=200)
        what = f"responder a “{asked}” com “{answer}”"
        kind, _, name = (said.reason if said is not None and ours else "").partition(":")
        more = _INTENT.format(name=name) if kind == "intent" and name else ""
        return _MADE.format(id=made.id, what=what, more=more)

    async def edited(self, one: Suggested, sent: str, fate: Fate) -> None:
        """Propose what a person sent in the place of a draft, where figures or links differ.

        Raises:
            StoreError: the storage is away.
        """
        draft = one.suggestion
        if not corrects(draft.text, sent, fate):
            return
        lines = await self._history.window(draft.conversation, limit=LINES)
        question = question_before(lines, draft.after + 1)
        if len(question) < _LEAST:
            return
        await self._proposals.mark(
            NewProposal(
                key=f"draft:{draft.turn_id}",
                tenant=draft.tenant,
                conversation=draft.conversation,
                kind=Kind.FAQ,
                cause=Cause.EDITED,
                made_by="",
                content=Content(plain(sent), question, plain(draft.text), "draft"),
            )
        )

    async def deleted(self, *, now: datetime) -> int:
        """Note replies that people deleted as wrong; return how many are new.

        Raises:
            StoreError: the storage is away.
        """
        count = 0
        for said in await self._replies.deleted(since=now - DELETED_FOR):
            question = await self._question(said.conversation, said)
            new = NewProposal(
                key=said.key,
                tenant=said.tenant or "",
                conversation=said.conversation,
                kind=Kind.FAQ,
                cause=Cause.DELETED,
                made_by="",
                content=_content("", question, said, said.channel),
            )
            count += await self._proposals.mark(new)
        return count

    async def _ruled(
        self,
        claim: Claim,
        correction: Correction,
        *,
        said: Said | None,
        question: str,
        tenant: str,
    ) -> str:
        rule = " ".join(tidy(correction.text).split())
        made = await self._proposals.make(
            NewProposal(
                key=f"rule:{claim.key.conversation.bot}:{correction.key}",
                tenant=tenant,
                conversation=claim.key.conversation,
                kind=Kind.RULE,
                cause=Cause.COMMAND,
                made_by=correction.by,
                content=_content(rule, question, said, claim.state.channel),
            )
        )
        return _MADE.format(id=made.id, what=f"a regra “{literal(rule, limit=300)}”", more="")

    async def _question(self, conversation: ConversationId, said: Said) -> str:
        lines = await self._history.window(conversation, limit=LINES)
        return question_before(lines, said.message_id, after=said.earlier)


def corrections_over(database: Database, clock: Clock) -> StoredCorrections:
    """Return corrections that are kept in a database."""
    return StoredCorrections(
        PostgresProposals(database, clock),
        replies=PostgresReplies(database),
        history=PostgresHistory(database),
    )


def _content(text: str, question: str, said: Said | None, channel: str | None) -> Content:
    """Return what is proposed; ``way`` is the engine where a model spoke, else the reason."""
    way, reply = "", ""
    if said is not None:
        spoke = said.reason in ("crew", "repair", "fast")
        way, reply = (said.engine or "") if spoke else said.reason, plain(said.text)
    return Content(text, question, reply, way, channel or "whatsapp")
