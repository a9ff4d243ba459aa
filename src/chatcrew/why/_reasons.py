"""The short names in our records, said in plain words in two languages."""

from chatcrew.intents import plain

STATUSES = {
    "pt-BR": {
        "pending": "pendente (com o bot)",
        "open": "aberta (com as pessoas)",
        "resolved": "resolvida",
        "snoozed": "adiada",
    },
    "en": {
        "pending": "pending (the bot's)",
        "open": "open (people's)",
        "resolved": "resolved",
        "snoozed": "snoozed",
    },
}

OUTCOMES = {
    "pt-BR": {
        "replied": "respondeu",
        "handed_off": "passou para as pessoas",
        "dropped": "não disse nada",
        "wrote": "escreveu ao cliente",
        "told": "avisou a equipe",
        "draft": "fez um rascunho",
        "parked": "desistiu e passou para as pessoas",
    },
    "en": {
        "replied": "answered",
        "handed_off": "gave it to people",
        "dropped": "said nothing",
        "wrote": "wrote to the customer",
        "told": "told people",
        "draft": "wrote a draft",
        "parked": "gave up and gave it to people",
    },
}

PARTS = {
    "pt-BR": {
        "message": "mensagem",
        "note": "nota privada",
        "status": "status",
        "labels": "etiquetas",
        "assignment": "responsável",
        "attributes": "atributos",
        "priority": "prioridade",
        "contact": "contato",
        "timer": "lembrete",
    },
    "en": {"note": "private note"},
}

RUNGS = {
    "pt-BR": {
        "intent": "intenção",
        "cache": "resposta guardada",
        "crew": "equipe de IA",
        "repair": "correção",
        "fast": "modelo rápido",
        "extract": "perguntas frequentes",
        "template": "texto pronto",
        "check": "conferência",
    },
    "en": {"crew": "the crew", "fast": "fast model", "cache": "cached answer"},
}

NOT_ALLOWED = "not_allowed"
OUTRUN = "person_spoke"
"""How the worker notes that it left an act out."""

_REASONS = {
    "crew": ("a equipe de IA respondeu", "the crew answered"),
    "repair": ("a equipe de IA corrigiu a resposta", "the crew mended its answer"),
    "fast": ("o modelo rápido respondeu", "the fast model answered"),
    "cache": ("uma resposta guardada servia", "a cached answer fitted"),
    "faq": ("uma pergunta frequente servia", "an entry of the FAQ fitted"),
    "redelivered": ("a resposta decidida antes foi entregue", "an earlier decision was delivered"),
    "command": ("era um comando da equipe", "it was a command of the team"),
    "nothing_to_answer": ("não havia o que responder", "there was nothing to answer"),
    "unknown_bot": ("o bot saiu do mapeamento", "the bot left the mapping"),
    "unmapped_inbox": ("a caixa não está no mapeamento", "the inbox is not in the mapping"),
    "already_heard": ("a mensagem já tinha sido lida", "the message was read before"),
    "abuse": ("mensagens demais em pouco tempo", "too many messages in little time"),
    "abuse_slowed": ("mensagens demais: responde mais devagar", "too many messages: slowed down"),
    "answers_slowed": ("respostas demais: responde tudo junto", "answers the rest together"),
    "draft": ("propôs a resposta à equipe", "it proposed the reply to the team"),
    "followup_person_spoke": ("uma pessoa já tinha escrito", "a person had written already"),
    "low_evidence": ("a resposta não se apoiava em nada", "the answer rested on nothing"),
    "people_first": ("aqui as pessoas atendem primeiro", "people come first in this inbox"),
    "long": ("a conversa ficou longa demais", "the talk became too long"),
    "mood": ("o cliente está muito insatisfeito", "the customer is very dissatisfied"),
    "alarm": ("o cliente disse uma palavra de alerta", "the customer said an alarm word"),
    "vip": ("é um cliente VIP", "the customer is a VIP"),
    "cost": ("a conversa passou do custo permitido", "the talk cost more than allowed"),
    "loop": ("a conversa andava em círculos", "the talk went round in circles"),
    "taken_back": ("o bot retomou a conversa", "the bot took the conversation back"),
    "reopened": ("o cliente voltou; é da equipe", "the customer came back; people go on"),
    "silence_over": ("o silêncio acabou", "the silence ended"),
    "silence_goes_on": ("o silêncio foi prolongado", "the silence was prolonged"),
    "followup": ("era hora de um retorno", "a follow-up was due"),
    "followup_window": ("a janela do canal fechou", "the channel's window had closed"),
    "followup_unfounded": ("o retorno tinha dados sem base", "the follow-up was unfounded"),
    "followup_customer_wrote": ("o cliente já tinha escrito", "the customer had written already"),
    "followup_resolved": ("a conversa já tinha sido resolvida", "it had been resolved already"),
    "followup_opted_out": ("o cliente não quer mais avisos", "the customer wants no more notices"),
    "reply_window": ("a janela do canal fechou", "the channel's window had closed"),
    "nudge_window": ("a janela do canal fechou", "the channel's window had closed"),
    "welcome_window": ("a janela do canal fechou", "the channel's window had closed"),
    "inactivity": ("o cliente parou de escrever", "the customer stopped writing"),
    "inactivity_hours": ("fica para o horário de atendimento", "it waits for opening hours"),
    "inactivity_person_spoke": ("uma pessoa já tinha escrito", "a person had written already"),
    "inactivity_customer_wrote": ("o cliente já tinha escrito", "the customer had written already"),
    "inactivity_resolved": ("a conversa já tinha sido resolvida", "it had been resolved already"),
    "nudge": ("perguntou se o cliente ainda está aí", "it asked whether the customer is there"),
    "nudge_opted_out": ("o cliente não quer mais avisos", "the customer wants no more notices"),
    "talkover": ("falou junto com uma pessoa", "it spoke at the same time as a person"),
    "draft_answered": ("uma pessoa já tinha respondido", "a person had answered already"),
    "patience": ("o cliente já esperou demais", "the customer had waited too long"),
    "inactive": ("o cliente parou de escrever", "the customer stopped writing"),
    "opt_out": ("o cliente não quer mais avisos", "the customer wants no more notices"),
    "opt_in": ("o cliente quer avisos de novo", "the customer wants notices again"),
    "welcome": ("deu as boas-vindas", "it welcomed the customer"),
    "snooze_over": ("o adiamento acabou", "the snooze ended"),
    "reminder": ("um lembrete da equipe", "a reminder of the team"),
    "limit_told": ("um aviso sobre um limite", "a word about a limit"),
    "timer_over": ("um prazo passou", "a time was up"),
    "approval_ruled": ("já havia decisão sobre o pedido", "the request had been ruled on"),
    "approval_expired": ("ninguém autorizou a tempo", "nobody approved in time"),
    "urgent": ("pode ser uma urgência", "it may be urgent"),
    "complaint": ("o cliente tem uma reclamação", "the customer complains"),
    "scheduling": ("falta confirmar o agendamento", "the booking has to be confirmed"),
    "other": ("o bot achou melhor uma pessoa", "the bot thought a person better"),
    "tool_failed": ("um sistema falhou várias vezes", "a system failed several times"),
    "promised": ("tinha prometido uma pessoa", "it had promised a person"),
    "undeliverable": ("não foi possível entregar", "it could not be delivered"),
    "asked": ("perguntou o que faltava", "it asked for what was missing"),
    "explained": ("explicou por que pergunta", "it explained why it asks"),
    "unsupported": ("o cliente mandou algo que o canal não mostra", "the channel cannot show it"),
    "attachment": ("o cliente mandou um arquivo que não se lê", "a file that cannot be read came"),
    "customer_asked": ("o cliente pediu uma pessoa", "the customer asked for a person"),
    "no_answer": ("as informações não têm a resposta", "the business's facts have no answer"),
    "model_down": ("o modelo não respondeu", "the model did not answer"),
    "late": ("o modelo não respondeu a tempo", "the model did not answer in time"),
    "content_filter": ("o provedor recusou o pedido", "the provider refused the request"),
    "check": ("a resposta tinha dados sem base", "the answer had unfounded figures"),
    "too_many_failures": ("falhou várias vezes seguidas", "it failed several times in a row"),
    "parked": ("falhou várias vezes", "it failed several times"),
    "sweep": ("a varredura achou o cliente esperando", "the sweep found the customer waiting"),
    "debt_announce": ("o cliente espera demais", "the customer waits too long"),
    "debt_opening": ("abriu, e o cliente já esperava", "it opened, and the customer waited"),
    "debt_reroute": ("ninguém veio: passou para outra pessoa", "nobody came: given to another"),
    "debt_return": ("ninguém veio: voltou ao bot", "nobody came: the bot has it again"),
    "debt_answered": ("uma pessoa já respondeu", "a person has answered"),
    "debt_returned": ("a conversa já voltou ao bot", "the bot has it again already"),
    "debt_thanked": ("o cliente só agradeceu", "the customer only said thanks"),
    "debt_snoozed": ("a conversa está adiada", "the conversation is snoozed"),
    "debt_unresolved": ("não resolvida no prazo: a equipe foi avisada", "not resolved in time"),
    "debt_working": ("a equipe está cuidando dela", "people are at it"),
    "debt_over": ("ninguém espera mais", "nobody waits any more"),
    "silenced_by_person": ("uma pessoa já respondia", "a person was answering"),
    "silenced_by_phone": ("alguém respondia pelo celular", "somebody was answering by phone"),
    "silenced_by_command": ("a equipe calou o bot", "the team silenced the bot"),
    "status_open": ("a conversa está com as pessoas", "the conversation is people's"),
    "status_resolved": ("a conversa estava resolvida", "the conversation was resolved"),
    "status_snoozed": ("a conversa estava adiada", "the conversation was snoozed"),
    "contact_blocked": ("o contato está bloqueado", "the contact is blocked"),
    "owner_is_person": ("uma pessoa é responsável", "a person owns it"),
    "owner_is_other_bot": ("outro bot é responsável", "another bot owns it"),
    "owner_is_other_ai": ("outra IA é responsável", "another AI owns it"),
    "answered": ("respondeu", "answered"),
    "cancelled": ("outra resposta veio antes", "another answer came first"),
    "miss": ("não havia", "none"),
    "vain": ("já perguntado, sem resposta nas informações", "asked before, nothing was known"),
    "no_model": ("nenhum modelo configurado", "no model is configured"),
    "no_time": ("não havia tempo", "no time was left"),
    "timeout": ("não respondeu a tempo", "no answer in time"),
    "breaker_open": ("o provedor está falhando", "the provider is failing"),
    "rate_limit": ("o provedor limitou as chamadas", "the provider limits the calls"),
    "insufficient_quota": ("o crédito no provedor acabou", "the provider's credit is used up"),
    "invalid_api_key": ("o provedor recusou a chave", "the provider refused the key"),
    "unavailable": ("o provedor está fora do ar", "the provider is away"),
    "context_length": ("a conversa é longa demais", "the conversation is too long"),
    "crew_error": ("a equipe de IA falhou", "the crew failed"),
    "budget": ("o limite de gastos acabou", "the budget is used up"),
    "empty": ("respondeu vazio", "an empty answer"),
    "declined": ("as informações não bastam", "the facts are not enough"),
    "uncertain": ("nenhuma cobre com certeza", "none fits for certain"),
    "secret": ("parecia conter uma senha", "it seemed to hold a secret"),
    "unfounded": ("tinha dados sem base", "it had unfounded figures"),
}


_ASKED = ("pergunta {1} da intenção {0}", "question {1} of intent {0}")
_BY_KIND = {
    "intent": ("intenção {0}", "intent {0}"),
    "topic": ("o assunto {0} é da equipe", "topic {0} is the team's"),
    "slot": _ASKED,
    "slot_help": _ASKED,
    "unread": ("o cliente mandou um arquivo que não se lê", "a file that cannot be read came"),
    "memory_consent": ("resposta sobre ser lembrado", "the answer about being remembered"),
}


_SAME_AS = {
    "intent:wants_person": "customer_asked",
    "intent:emergency": "urgent",
    "intent:complaint": "complaint",
}


def _named(kind: str, name: str, language: str) -> str:
    return plain(name, language) if kind in ("intent", "slot", "slot_help") else name


def reason(name: str, language: str) -> str:
    """Return what a reason or a rung's end means; an unknown one as it stands in the records."""
    index = 0 if language == "pt-BR" else 1
    known = _REASONS.get(name)
    if known is not None:
        return known[index]
    kind, _, rest = name.partition(":")
    if name in _SAME_AS:
        return _REASONS[_SAME_AS[name]][index]
    if rest and kind in _BY_KIND:
        first, _, second = rest.partition(":")
        return _BY_KIND[kind][index].format(_named(kind, first, language), second)
    if name.startswith("leak_"):
        return _REASONS["secret"][index]
    if name.startswith("unfounded_"):
        return _REASONS["unfounded"][index]
    return name
