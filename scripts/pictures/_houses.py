"""Three businesses of the shipped examples, and what their customers ask in the made-up month."""

from scripts.pictures._month import House

BELLA = House(
    "bella-bot",
    "Bella",
    "cosmetics/bella",
    "whatsapp",
    17,
    (
        ("order", "support", "cadê meu pedido?", "Ele saiu ontem e chega em 1 a 2 dias úteis 💛"),
        ("exchange", "customer_success", "quero trocar um batom", "Claro! Você tem 30 dias."),
        ("oily_skin", "sales", "o que tem para pele oleosa?", "O Kit Pele Oleosa, R$ 189,90 🌸"),
        ("points", "customer_success", "como uso meus pontos?", "Na sacola, em Usar pontos."),
        ("gift", "sales", "vocês embrulham para presente?", "Embrulhamos, por R$ 8, com cartão."),
        ("change_address", "support", "preciso mudar o endereço", "Qual é o CEP novo?"),
        ("dry_skin", "sales", "minha pele resseca muito", "Sugiro o Kit Pele Seca, R$ 209,90."),
        ("cancel_order", "support", "quero cancelar o pedido", "Posso pedir isso à equipe."),
        ("thanks", "sales", "obrigada!", "Eu que agradeço 💛"),
    ),
    (
        "vocês entregam em Fernando de Noronha?",
        "o sérum de vitamina C pode ser usado por gestantes?",
        "tem refil do hidratante em gel?",
        "posso pagar metade no Pix e metade no cartão?",
    ),
    ("curtinha/a", "curtinha/b"),
)
CLINIC = House(
    "clinica-bot",
    "Clara",
    "health/varizemed",
    "whatsapp",
    12,
    (
        ("book", "scheduling", "quero marcar uma avaliação", "Qual dia fica melhor para você?"),
        ("reschedule", "scheduling", "preciso remarcar", "Sem problema! Para que dia?"),
        ("veins", "support", "como funciona a aplicação?", "É feita em consultório, sem corte."),
        ("my_results", "support", "meu exame ficou pronto?", "Vou chamar a equipe para ver."),
        ("greeting", "support", "bom dia", "Bom dia! Como posso ajudar?"),
    ),
    (
        "vocês atendem o plano Saúde Caruaru?",
        "posso dirigir depois da aplicação?",
        "fazem aplicação em quem toma anticoagulante?",
    ),
)
JOBS = House(
    "emprega-bot",
    "Sophie",
    "jobs/sophie",
    "telegram",
    7,
    (
        ("job_seeker", "triage", "procuro emprego", "Vamos lá! Em que área você trabalha?"),
        ("under_review", "support", "e a minha candidatura?", "Está em análise pela empresa."),
        ("hiring", "sales", "quero anunciar uma vaga", "Quantas vagas você quer anunciar?"),
        ("is_it_free", "support", "é grátis?", "Para quem procura vaga, é grátis."),
        ("scam", "triage", "me pediram dinheiro", "Não pague nada. Vou chamar a equipe agora."),
    ),
    ("tem vaga de jovem aprendiz em Olinda?", "como apago meu currículo?"),
)
HOUSES = (BELLA, CLINIC, JOBS)
