"""The sentences of ``doctor``: what is so and what to do about it, in two languages."""

from collections.abc import Mapping

from chatcrew.provision.hours_sentences import HOURS

SENTENCES: Mapping[str, tuple[str, str]] = {
    **HOURS,
    "files_well": (
        "o que está nos arquivos vale: versão {version}",
        "what the files say is in force: version {version}",
    ),
    "files_coming": (
        "uma mudança nos arquivos espera pelos testes de conversa; até lá vale a versão {version}",
        "a change of the files waits for its conversation tests; until then {version} is in force",
    ),
    "files_kept": (
        "a mudança nos arquivos NÃO vale, o servidor segue com a versão {version}; arrume:",
        "the change of the files is NOT in force, the server goes on with {version}; mend:",
    ),
    "files_faulty": (
        "a versão {version} vale, mas há o que arrumar:",
        "version {version} is in force, but there is something to mend:",
    ),
    "files_fail": (
        "os arquivos não passam nos testes de conversa, e assim não passam a valer; veja: {way}",
        "the files fail their conversation tests and so will not come into force; see: {way}",
    ),
    "files_message": ("{message}", "{message}"),
    "unreachable": (
        "o Chatwoot não responde em {url} ({reason}): confira endereço, rede e se ele está no ar",
        "Chatwoot does not answer at {url} ({reason}): see the address, the network, and that it "
        "runs",
    ),
    "version_known": ("Chatwoot {version}", "Chatwoot {version}"),
    "version_old": (
        "Chatwoot {version} é antigo, atualize-o; até lá: {missing}",
        "Chatwoot {version} is old, update it; until then: {missing}",
    ),
    "version_hidden": (
        "o Chatwoot não diz a versão (um proxy esconde /api): o que falta só se vê pelos testes",
        "Chatwoot does not tell its version (a proxy hides /api): only the trials below show what "
        "is missing",
    ),
    "limited": (
        "o Chatwoot limita esta máquina (429): o resto não foi visto; ponha o IP do chatcrew em "
        "RACK_ATTACK_ALLOWED_IPS no Chatwoot e repita em {seconds:.0f} s",
        "Chatwoot limits this machine (429): the rest was not seen; put chatcrew's IP into "
        "Chatwoot's RACK_ATTACK_ALLOWED_IPS and try again in {seconds:.0f} s",
    ),
    "limit_unseen": (
        "nenhum 429 agora; se o IP está em RACK_ATTACK_ALLOWED_IPS não se vê de fora; mantemos "
        "{per_minute} chamadas por minuto",
        "no 429 now; whether the IP is in RACK_ATTACK_ALLOWED_IPS cannot be seen from outside; we "
        "keep to {per_minute} calls a minute",
    ),
    "limit_over": (
        "CHATCREW_CHATWOOT_PER_MINUTE é {per_minute}, acima dos 3000 do Chatwoot: só serve com o "
        "IP em RACK_ATTACK_ALLOWED_IPS, o que não se vê de fora",
        "CHATCREW_CHATWOOT_PER_MINUTE is {per_minute}, over Chatwoot's 3000: only fit with the IP "
        "in RACK_ATTACK_ALLOWED_IPS, which cannot be seen from outside",
    ),
    "clock_well": (
        "os relógios batem (diferença de {skew} s)",
        "the clocks agree (within {skew} s)",
    ),
    "clock_off": (
        "os relógios diferem {skew:+.0f} s: acima de 300 s toda entrega é recusada; acerte o NTP "
        "dos dois lados",
        "the clocks differ by {skew:+.0f} s: over 300 s every delivery is refused; set NTP right "
        "on both sides",
    ),
    "clock_unknown": (
        "o Chatwoot não mostra a hora (cabeçalho Date): confira o NTP dos dois lados",
        "Chatwoot does not show its time (Date header): see that NTP is right on both sides",
    ),
    "user_well": (
        "o token de usuário é de um administrador",
        "the user token is an administrator's",
    ),
    "user_agent": (
        "o token de usuário é de um agente: bots, webhooks e caixas dos outros não se veem; use o "
        "de um administrador em user_token",
        "the user token is an agent's: bots, webhooks and others' inboxes are not seen; use an "
        "administrator's in user_token",
    ),
    "user_none": (
        "sem user_token no mapeamento, o que um bot não pode fazer fica de fora e aqui não se veem "
        "caixas nem bots: rode chatcrew connect com o token de um administrador",
        "without a user_token in the mapping what bots may not do is left out, and inboxes and "
        "bots are not seen here: run chatcrew connect with an administrator's token",
    ),
    "user_bad": (
        "o Chatwoot não aceita o token de usuário: pegue um novo em Configurações do perfil",
        "Chatwoot does not accept the user token: take a new one under Profile settings",
    ),
    "user_unreadable": (
        "a referência de user_token não leva a nada daqui: veja chatcrew check",
        "the reference of user_token leads nowhere from here: see chatcrew check",
    ),
    "user_stranger": (
        "o dono do token de usuário não está na conta {number}",
        "the user token's owner is not in account {number}",
    ),
    "token_well": ("{bot}: o token do bot pode tudo", "{bot}: the bot token may do everything"),
    "token_unreadable": (
        "{bot}: a referência do token não leva a nada daqui: veja chatcrew check",
        "{bot}: the token's reference leads nowhere from here: see chatcrew check",
    ),
    "token_bad": (
        "{bot}: o Chatwoot não aceita o token do bot: rode chatcrew connect para guardar o atual",
        "{bot}: Chatwoot does not accept the bot token: run chatcrew connect to store the present "
        "one",
    ),
    "token_mute": (
        "{bot}: este Chatwoot não deixa o bot: {denied}; ele não atende ninguém: atualize o "
        "Chatwoot ou refaça o bot com chatcrew connect",
        "{bot}: this Chatwoot does not let the bot: {denied}; it serves nobody: update Chatwoot or "
        "make the bot anew with chatcrew connect",
    ),
    "token_less": (
        "{bot}: o bot responde, mas este Chatwoot não o deixa: {denied}; isso é pulado até "
        "atualizar o Chatwoot ou pôr um user_token de administrador no mapeamento",
        "{bot}: the bot answers, but this Chatwoot does not let it: {denied}; that is left out "
        "until Chatwoot is updated or the mapping has an administrator's user_token",
    ),
    "token_helped": (
        "{bot}: este Chatwoot não deixa o bot: {denied}; o user_token faz isso por ele",
        "{bot}: this Chatwoot does not let the bot: {denied}; the user_token does it in its place",
    ),
    "token_typing": (
        "{bot}: este Chatwoot não deixa o bot: {denied}; isso é pulado até atualizar o Chatwoot",
        "{bot}: this Chatwoot does not let the bot: {denied}; that is left out until it is updated",
    ),
    "switched_off": (
        "{bot}: desligado há {ago}, porque o Chatwoot recusou ({reason}): {denied}; o servidor "
        "tenta de novo depois do próximo exame, que este comando já pediu",
        "{bot}: switched off {ago} ago, because Chatwoot refused ({reason}): {denied}; the server "
        "tries again after the next examination, which this command has asked for",
    ),
    "secret_same": (
        "{bot}: o segredo confere com o do Chatwoot",
        "{bot}: the secret is Chatwoot's own",
    ),
    "secret_differs": (
        "{bot}: o segredo guardado não é o do Chatwoot: toda entrega é recusada (401) e as "
        "conversas vão para as pessoas; rode chatcrew connect",
        "{bot}: the stored secret is not Chatwoot's: every delivery is refused (401) and "
        "conversations go to people; run chatcrew connect",
    ),
    "secret_unreadable": (
        "{bot}: um segredo não pode ser lido daqui, então não foi conferido",
        "{bot}: a secret cannot be read from here, so it was not compared",
    ),
    "secret_unsigned": (
        "{bot}: este Chatwoot não assina entregas de bots (só desde a 4.13): quem protege é o "
        "path_token no endereço; atualize o Chatwoot",
        "{bot}: this Chatwoot does not sign bot deliveries (only since 4.13): the path_token in "
        "the address protects them; update Chatwoot",
    ),
    "secret_missing": (
        "{bot}: o Chatwoot assina, mas o mapeamento não tem o segredo do bot: rode chatcrew "
        "connect",
        "{bot}: Chatwoot signs, but the mapping has no secret of the bot: run chatcrew connect",
    ),
    "secret_refusing": (
        "{bot}: este Chatwoot não assina entregas de bots e o mapeamento exige assinatura: toda "
        "entrega é recusada; rode chatcrew connect",
        "{bot}: this Chatwoot does not sign bot deliveries and the mapping requires signatures: "
        "every delivery is refused; run chatcrew connect",
    ),
    "bot_gone": (
        "{bot}: o bot {id} não existe mais no Chatwoot: rode chatcrew connect",
        "{bot}: agent bot {id} does not exist in Chatwoot any more: run chatcrew connect",
    ),
    "url_well": ("{bot}: o Chatwoot entrega em {url}", "{bot}: Chatwoot delivers to {url}"),
    "url_differs": (
        "{bot}: o Chatwoot entrega em {url}, e não em {ours}: rode chatcrew connect",
        "{bot}: Chatwoot delivers to {url} and not to {ours}: run chatcrew connect",
    ),
    "private": (
        "{bot}: {host} é de rede privada, e o Chatwoot {version} só entrega lá com "
        "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true (web e Sidekiq) ou um endereço público https",
        "{bot}: {host} is in a private network, and Chatwoot {version} delivers there only with "
        "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true (web and Sidekiq) or a public https address",
    ),
    "private_works": (
        "{bot}: {host} é de rede privada e o Chatwoot entrega lá",
        "{bot}: {host} is in a private network and Chatwoot delivers there",
    ),
    "delivered": (
        "{bot}: última entrega há {ago}",
        "{bot}: last delivery {ago} ago",
    ),
    "never_delivered": (
        "{bot}: nenhuma entrega registrada em 30 dias: escreva uma mensagem de teste",
        "{bot}: no delivery recorded in 30 days: write a test message",
    ),
    "deliveries_lost": (
        "{bot}: houve atividade no Chatwoot há {activity} e a última entrega foi há {ago}: as "
        "entregas não chegam; confira endereço, proxy e o log do Sidekiq (Invalid webhook URL)",
        "{bot}: something happened in Chatwoot {activity} ago and the last delivery was {ago} "
        "ago: deliveries do not arrive; see address, proxy and Sidekiq's log (Invalid webhook URL)",
    ),
    "deliveries_none": (
        "{bot}: houve atividade no Chatwoot há {activity} e nenhuma entrega chegou até hoje: "
        "confira endereço, proxy e o log do Sidekiq (Invalid webhook URL)",
        "{bot}: something happened in Chatwoot {activity} ago and no delivery ever arrived: see "
        "address, proxy and Sidekiq's log (Invalid webhook URL)",
    ),
    "no_records": (
        "os registros não puderam ser lidos, e não se sabe quando veio a última entrega: suba o "
        "servidor (chatcrew run) e repita",
        "the records could not be read, so when the last delivery came is not known: start the "
        "server (chatcrew run) and try again",
    ),
    "greeting": (
        "caixa {inbox} ({name}): a saudação automática do Chatwoot sai junto com a resposta do "
        "bot: desligue-a na caixa",
        "inbox {inbox} ({name}): Chatwoot's own greeting goes out beside the bot's answer: switch "
        "it off in the inbox",
    ),
    "inbox_unverified": (
        "caixa {inbox} ({name}): as entregas dela são assinadas e {bot} não tem o segredo dela: "
        "chatcrew connect",
        "inbox {inbox} ({name}): its deliveries are signed and {bot} has not its secret: chatcrew "
        "connect",
    ),
    "not_connected": (
        "caixa {inbox} ({name}): está no mapeamento e não tem o nosso bot{other}: rode chatcrew "
        "connect ou tire-a do mapeamento",
        "inbox {inbox} ({name}): it is in the mapping and has not our bot{other}: run chatcrew "
        "connect or take it out of the mapping",
    ),
    "vanished": (
        "caixa {inbox}: está no mapeamento e não existe mais: chatcrew sync",
        "inbox {inbox}: it is in the mapping and does not exist any more: chatcrew sync",
    ),
    "unmapped": (
        "caixa {inbox} ({name}): tem o nosso bot e não está no mapeamento: as entregas são "
        "recusadas e os clientes vão para as pessoas; chatcrew sync --write",
        "inbox {inbox} ({name}): it has our bot and is not in the mapping: deliveries are refused "
        "and customers go to people; chatcrew sync --write",
    ),
    "inboxes_well": (
        "{count} caixa(s) no mapeamento, todas com o nosso bot",
        "{count} inbox(es) in the mapping, all with our bot",
    ),
    "webhook_none": (
        "sem webhook da conta para nós: não se vê quando o cliente digita; chatcrew connect",
        "no account webhook to us: it is not seen when a customer types; chatcrew connect",
    ),
    "webhook_less": (
        "o webhook da conta não avisa: {events}; chatcrew connect",
        "the account webhook does not tell: {events}; chatcrew connect",
    ),
    "webhook_unverified": (
        "o webhook da conta é assinado e {bot} não tem o segredo dele: chatcrew connect",
        "the account webhook is signed and {bot} has not its secret: chatcrew connect",
    ),
    "webhook_well": ("o webhook da conta avisa tudo", "the account webhook tells everything"),
}

WORDS: Mapping[str, tuple[str, str]] = {
    "conversation": ("ler a conversa", "read the conversation"),
    "labels": ("pôr etiquetas", "set labels"),
    "typing": ("mostrar que digita", "show that it types"),
    "attributes": ("gravar atributos", "set attributes"),
    "priority": ("mudar a prioridade", "set the priority"),
    "status": ("passar a conversa às pessoas", "give the conversation to people"),
    "assign": ("escolher o responsável", "choose the assignee"),
    "message": ("enviar mensagens", "send messages"),
}
"""What a token is tried for, as people say it."""

FEATURES: Mapping[str, tuple[str, str]] = {
    "answers": ("respostas aos clientes", "answers to customers"),
    "assignment": ("escolha do responsável", "choosing the assignee"),
    "bot_hears_changes": ("aviso de mudanças ao bot", "the bot hearing of changes"),
    "bot_owner": ("bot como responsável", "the bot as owner"),
    "bot_reads": ("leitura da conversa", "reading the conversation"),
    "bot_signature": ("assinatura das entregas", "signed deliveries"),
    "contacts": ("contatos", "contacts"),
    "custom_attributes": ("atributos da conversa", "attributes of conversations"),
    "customer_typing": ("ver o cliente digitar", "seeing the customer type"),
    "delivery_ids": ("número das entregas", "ids of deliveries"),
    "handoff": ("passagem às pessoas", "handoff to people"),
    "history": ("histórico de antes do bot", "history from before the bot"),
    "inbox_probes": ("exame das caixas", "examining the inboxes"),
    "labels": ("etiquetas", "labels"),
    "priority": ("prioridade", "priority"),
    "sweep_list": ("varredura da lista do Chatwoot", "sweep of Chatwoot's list"),
    "typing": ("sinal de digitando", "typing mark"),
}
"""What may not work, as people say it."""
