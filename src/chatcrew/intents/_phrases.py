"""The words of the built-in intents, Portuguese, English and Spanish; commas part the phrases."""

# who may be asked for
_PEOPLE_PT = """
    atendente, atendentes, atendente humano, atendente humana, atendente real, atendente de
    verdade, humano, humana, humanos, ser humano, pessoa, pessoas, pessoa real, pessoa humana,
    pessoa de verdade, outra pessoa, alguém, alguém de verdade, alguém real, alguém humano,
    gente, gente de verdade, operador, operadora, consultor, consultora, vendedor, vendedora,
    funcionário, funcionária, responsável, gerente, supervisor, supervisora, recepção,
    recepcionista, secretária, secretaria, equipe, time, suporte, suporte humano, atendimento,
    atendimento humano, financeiro, comercial, ouvidoria
"""
# "falar com" them
_TALK_PT = """
    falar com, falo com, conversar com, conversa com, tratar com, ser atendido por, ser atendida
    por, me passa para, me passe para, me passar para, passa para, passe para, passar para,
    passa a conversa para, me transfere para, me transfira para, me transferir para, transfere
    para, transfira para, transferir para, me encaminha para, me encaminhe para, encaminhar
    para, me coloca para falar com, me coloca com, me conecta com, me conecte com, contato com,
    chama, chame, me chama, me liga com, me ligue com, me põe para falar com
"""
# who may be asked for without a verb of speaking
_SURE_PT = """
    atendente, atendente humano, atendente de verdade, humano, ser humano, pessoa de verdade,
    pessoa real, atendimento humano, atendimento com pessoa, atendimento por pessoa, suporte
    humano, recepcionista, gerente, supervisor, responsável
"""
# wishes before those
_WISH_PT = """
    quero, prefiro, me dá, chamar, cadê, solicito
"""
_AS_THEY_SAY = """
    não quero falar com robô, não quero falar com máquina, não quero falar com bot, não quero
    conversar com robô, não quero robô, não falo com robô, não quero ser atendido por robô, não
    quero ser atendida por robô, não aguento mais robô, não aguento mais falar com robô, chega
    de robô, cansei de falar com robô, cansei de robô, cansei desse robô, cansada de falar com
    robô, cansado de falar com robô, odeio robô, odeio falar com robô, sem robô, alguém que
    possa me atender, alguém para me atender, alguém para falar, alguém para conversar, someone
    I can talk to, somebody I can talk to, anyone I can talk to, someone I can speak to, human
    I can talk to, person I can talk to, no more bots, tired of this bot, no quiero hablar con
    robot, no quiero hablar con un robot, no quiero hablar con una máquina, no quiero un robot,
    alguien que me atienda, alguien que me pueda atender
"""
_PEOPLE_EN = """
    human, human being, humans, human agent, real human, person, real person, live person,
    people, someone, someone real, somebody, anyone, agent, live agent, real agent,
    representative, operator, receptionist, reception, front desk, manager, supervisor,
    attendant, staff, your team, team, customer service, support, sales
"""
_TALK_EN = """
    talk to, talk with, talking to, speak to, speak with, speaking to, chat to, chat with,
    transfer me to, transfer to, pass me to, pass me on to, connect me to, connect me with, put
    me through to, hand me over to, forward me to, talk to your, speak to your
"""
_SURE_EN = """
    human, human agent, human being, real human, real person, live agent, live person, agent,
    representative, operator, manager, supervisor, human support
"""
_WISH_EN = """
    want, need, get me, give me, would like, call, id like
"""
_PEOPLE_ES = """
    persona, una persona, alguien, agente, un agente, humano, un humano, asesor, un asesor,
    una asesora, operador, un operador, una operadora, persona real, una persona real
"""
_TALK_ES = """
    hablar con, conversar con, comunicarme con, comunicar con, comuníqueme con, páseme con, pásame
    con, pasarme con, transfiérame a, transfiérame con, que me atienda, ser atendido por, atención
    de
"""
_SURE_ES = """
    humano, un humano, agente humano, un agente humano, persona real, una persona real, persona de
    verdad, una persona de verdad, atención humana, un asesor, un operador, un agente
"""
_WISH_ES = """
    quiero, necesito, prefiero, deme, dame, quisiera
"""
# enough as the whole message
_ALONE = """
    atendente, humano, humana, pessoa, pessoa real, pessoa de verdade, atendimento humano,
    atendente humano, suporte humano, operador, human, human agent, human please, real person,
    live agent, agent, representative, operator, me transfere, me transfira, quero uma pessoa, quero
    um atendente, agente, agente humano, persona real, una persona, asesor
"""
# who would rather go on with the bot, as the whole message
_BOT = """
    assistente virtual, o assistente virtual, continuar com o assistente, continuar com o assistente
    virtual, continuar com o robô, pode ser o robô, pode ser você mesmo, virtual assistant, the
    virtual assistant, continue with the assistant, the bot is fine, asistente virtual, el
    asistente virtual, seguir con el asistente
"""
_GREETINGS = """
    oi, oie, oii, olá, ola tudo bem, oi de novo, olá de novo, opa, e aí, eai, alô, bom dia, boa
    tarde, boa noite, boas, tudo bem, tudo bom, tudo certo, como vai, como vai você, como você
    está, como estão, espero que esteja bem, hi, hello, hey, hi there, good morning, good
    afternoon, good evening, how are you, how are you doing, whats up, hola, buenos días, buen día,
    buenas, buenas tardes, buenas noches, qué tal, cómo está, cómo estás
"""
_THANKS = """
    obrigado, obrigada, muito obrigado, muito obrigada, obrigadão, obrigadinha, agradeço,
    agradecido, agradecida, grato, grata, valeu, perfeito obrigado, era isso, era só isso, só
    isso, ajudou, me ajudou, ajudou muito, gratidão, deus abençoe, deus te abençoe, thanks,
    thank you, thank you so much, thanks a lot, many thanks, appreciate it, that was helpful,
    that is all, thats all, gracias, muchas gracias, mil gracias, se lo agradezco, eso era todo
"""
_GOODBYES = """
    tchau, tchauzinho, até logo, até mais, até breve, até amanhã, até, adeus, falou, fui, um
    abraço, abraço, abraços, beijo, beijos, bj, bjs, tenha um bom dia, tenha um ótimo dia, tenha
    uma boa tarde, tenha uma boa noite, bom fim de semana, bom final de semana, bom descanso,
    bye, bye bye, goodbye, see you, see you soon, see you tomorrow, see you later, take care,
    have a nice day, have a good day, have a great day, adiós, hasta luego, hasta mañana, hasta
    pronto, chao, chau, nos vemos, que tenga buen día
"""


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in listed.split(","))


PEOPLE_PT = _phrases(_PEOPLE_PT)
TALK_PT = _phrases(_TALK_PT)
SURE_PT = _phrases(_SURE_PT)
WISH_PT = _phrases(_WISH_PT)
AS_THEY_SAY = _phrases(_AS_THEY_SAY)
PEOPLE_EN = _phrases(_PEOPLE_EN)
TALK_EN = _phrases(_TALK_EN)
PEOPLE_ES = _phrases(_PEOPLE_ES)
TALK_ES = _phrases(_TALK_ES)
SURE_ES = _phrases(_SURE_ES)
WISH_ES = _phrases(_WISH_ES)
SURE_EN = _phrases(_SURE_EN)
WISH_EN = _phrases(_WISH_EN)
ALONE = _phrases(_ALONE)
BOT = _phrases(_BOT)
GREETINGS = _phrases(_GREETINGS)
THANKS = _phrases(_THANKS)
GOODBYES = _phrases(_GOODBYES)
