"""The files that ``chatcrew new-domain`` writes: whole examples to edit, pt-BR first."""

SCHEMA = "# yaml-language-server: $schema={path}\n"

BASE = """\
#
# Domínio {domain}: o que vale para todos os negócios deste ramo. Cada negócio (tenant) tem seu
# arquivo ao lado, que é posto por cima deste. Confira com: chatcrew check
# What holds for every business of this domain; each has its own file beside this one.

language: pt-BR # língua quando a do cliente não é clara: pt-BR ou en
timezone: America/Sao_Paulo

functions: [{function}] # para que o bot serve: arquivos de crews/functions
default_function: {function}

rules: # frases que o bot precisa seguir; as do negócio se somam a estas
  - Não prometa desconto, prazo nem condição que não esteja no Conhecimento ou nos Fatos.
  - Não peça senha, número de cartão nem documentos por mensagem.

faq: # o que todo negócio deste ramo responde igual; a mesma pergunta no negócio vale mais
  - question: Como vocês usam os meus dados pessoais?
    answer: >- # >- junta as linhas numa só
      Usamos seus dados só para o seu atendimento, como manda a LGPD. Você pode pedir para ver,
      corrigir ou apagar seus dados a qualquer momento, é só pedir por aqui que a equipe responde.
    keywords: [LGPD, privacidade, dados]
    also:
      - Meus dados estão seguros?
      - Quero apagar meus dados
"""

TENANT = """\
#
# {business}: quem é e o que sabe. Troque tudo o que é exemplo; o bot só diz o que está aqui.
# Who the business is and what it knows. Replace the examples: the bot says only what stands here.
# Todas as chaves / every key: docs/yaml.md

persona:
  name: Bia # como o bot se apresenta
  business: {business}
  tone: acolhedor e claro
  style: frases curtas, trata por você, no máximo um emoji

hours: segunda a sexta, das 9h às 18h

facts: # preços e links das respostas precisam estar em facts, faq ou plans
  endereço: Rua do Exemplo, 100, Centro
  telefone: (11) 5555-0100

rules:
  - Se não souber, diga que uma pessoa da equipe vai responder.
  # Uma regra também pode valer só em alguns dias, ou só quando se fala de um assunto:
  # - {{text: Frete grátis em dezembro., type: promotion, from: 2026-12-01, until: 2026-12-31}}
  # - {{text: Trocas só com nota fiscal., type: policy, keywords: [troca, devolução]}}

# O que se vende e por quanto: vira fato e resposta, e o modelo não inventa preço.
# plans:
#   - {{name: Essencial, price: 297, period: month, features: [até 300 conversas]}}
#   - {{name: Completo, price: 597, period: month, recommended: true}}

faq: # question como o cliente pergunta; also: outras maneiras; answer: pronta para enviar
  - question: Qual é o horário de funcionamento?
    answer: Atendemos de segunda a sexta, das 9h às 18h.
    keywords: [horário, aberto, abre, fecha]
    also:
      - Que horas vocês abrem?
      - Vocês atendem no sábado?

  - question: Onde vocês ficam?
    answer: Ficamos na Rua do Exemplo, 100, Centro.
    keywords: [endereço, localização]
    also:
      - Qual é o endereço?

  - question: Qual é o telefone de vocês? # sem modelo, um fato só é dito por uma resposta daqui
    answer: Nosso telefone é (11) 5555-0100.
    keywords: [telefone, número, ligar]
    also:
      - Qual o número para ligar?

  - question: Quais são as formas de pagamento?
    answer: Aceitamos Pix, cartão de débito e cartão de crédito.
    keywords: [pagamento, Pix, cartão]
    also:
      - Aceitam cartão?
      - Posso pagar com Pix?

# Respondido antes de qualquer modelo. Agradecimento, despedida e "quero falar com uma pessoa" já
# vêm prontos; uma intenção com o mesmo nome (greeting, thanks, goodbye, wants_person) toma o lugar
# da pronta, como este cumprimento.
intents:
  # - name: complaint
  #   action: handoff # reply (responde), handoff (passa para uma pessoa) ou route (muda de função)
  #   phrases: [quero fazer uma reclamação, fui mal atendido]
  #   replies: ["Sinto muito por isso, {{contact_name}}. Estou chamando uma pessoa da equipe."]
  - name: greeting
    action: reply
    whole: true # só quando a mensagem não diz mais nada
    phrases: [oi, olá, opa, alô, bom dia, boa tarde, boa noite, tudo bem, tudo bom, como vai, e aí]
    replies:
      - >-
        Oi, {{contact_name}}! Sou {{agent_name}}, assistente virtual de {{business_name}}.
        Como posso ajudar?

# A equipe e o bot; sem isto valem os padrões. Todas as chaves: docs/yaml.md#people
# people:
#   opening: {{times: ["seg-sex 09:00-18:00"], national: BR}} # quando há gente para atender
#   takeover: {{resume_after: 12h}} # equipe calada por tanto tempo: o bot volta, com uma nota
#   inactivity: {{nudge_after: 2h, close_after: 22h}} # o cliente que some: pergunta, depois encerra
"""

TESTS = """\
#
# Conversas que precisam dar certo: rode com chatcrew test {tenant}
# Conversations that must go well. model: o que o modelo de mentira responde, onde um é chamado.

conversations:
  - name: cumprimenta
    customer:
      - says: Bom dia
        intent: greeting
        contains: [Bia, {business}]

  - name: pergunta o horário
    customer:
      - says: Que horas vocês abrem?
        intent: none # nenhuma intenção: quem responde é o crew ou o conhecimento
        contains: 9h
        lacks: 24 horas
        handoff: false
        model: Atendemos de segunda a sexta, das 9h às 18h.

  - name: pergunta o telefone
    customer:
      - says: Qual o telefone de vocês?
        intent: none
        contains: "5555-0100"
        handoff: false
        model: Nosso telefone é (11) 5555-0100.

  - name: pede uma pessoa
    customer:
      - says: Quero falar com uma pessoa
        intent: wants_person
        handoff: true
"""

COPY = """\
#
# Cópia de {like}. Nomes, links, e-mails e telefones abaixo ainda são dela: troque todos e depois
# apague este aviso. chatcrew check avisa enquanto sobrar um endereço inventado dos exemplos.
# A copy of {like}: its names, links, e-mails and phones still stand below. Change them all, then
# delete this note. chatcrew check warns while a made-up address of the examples is left.
"""

SAID = {
    "pt-BR": {
        "bad_tenant": "{word!r} não é um nome: escreva dominio/negocio com a-z, 0-9, - e _, "
        "como beauty/studio-ana",
        "there_already": "{file} já existe; nada foi escrito. Escolha outro nome ou edite-o",
        "not_written": "não consegui escrever em {file}: {reason}",
        "not_copied": "não consegui copiar {file}: {reason}; nada foi escrito",
        "other_base": "{file} já existe e é de outros negócios; nada foi escrito. Copie para um "
        "domínio novo ou para o mesmo domínio",
        "odd_business": "{word!r} não pode ficar dentro de frases do YAML: use só letras, "
        "algarismos, espaço, ponto, hífen e apóstrofo",
        "no_function": "não há nenhuma função em {folder}: o bot não teria o que fazer",
        "written": "criado {file}",
        "left": "Ainda é do original ({like}): nomes, links, e-mails e telefones. Troque, linha "
        "por linha, antes de atender alguém:",
        "next": "Agora:",
        "edit": "1. troque os exemplos em {file}",
        "map": "2. no mapeamento, dê a uma conta ou caixa: tenant: {tenant}",
        "check": "3. {called} check            confere tudo, com arquivo e linha",
        "test": "4. {called} test {tenant}    roda as conversas de {tests}",
        "chat": "5. {called} chat {tenant}    conversa com o bot aqui no terminal",
    },
    "en": {
        "bad_tenant": "{word!r} is not a name: write domain/business with a-z, 0-9, - and _, "
        "such as beauty/studio-ana",
        "there_already": "{file} exists; nothing was written. Choose another name, or edit it",
        "not_written": "cannot write to {file}: {reason}",
        "not_copied": "cannot copy {file}: {reason}; nothing was written",
        "other_base": "{file} exists and belongs to other businesses; nothing was written. Copy "
        "into a new domain, or into the same",
        "odd_business": "{word!r} cannot stand inside sentences of YAML: use letters, digits, "
        "space, point, hyphen and apostrophe only",
        "no_function": "there is no function in {folder}: the bot would have nothing to do",
        "written": "made {file}",
        "left": "Still the original's ({like}): names, links, e-mails and phones. Change them, "
        "line by line, before anybody is served:",
        "next": "Now:",
        "edit": "1. replace the examples in {file}",
        "map": "2. give an account or inbox of the mapping: tenant: {tenant}",
        "check": "3. {called} check            checks everything, with file and line",
        "test": "4. {called} test {tenant}    runs the conversations of {tests}",
        "chat": "5. {called} chat {tenant}    talk to the bot in this terminal",
    },
}
"""What the command says, by language."""
