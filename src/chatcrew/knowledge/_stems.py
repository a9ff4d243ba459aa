"""From words to the stems that are searched: accents go before stemming, everyday synonyms join."""

import threading

import Stemmer

from chatcrew.intents import words

_STOP = frozenset(
    words(
        """
        a ao aos as ate com como da das de dela dele do dos e ela elas ele eles em entre essa essas
        esse esses esta estas este estes eu foi fui ha isso isto ja la lhe mais mas me mesmo meu
        meus minha minhas muito na nas nem no nos nossa nosso num numa o os ou outra outro para
        pela pelas pelo pelos por porque pois qual quais quando que quem se seja sem ser seu seus
        so sobre somos sou sua suas sao ta tambem tao te tem temos tenho ter teu teve toda todas
        todo todos tu tua um uma umas uns voce voces ai aqui ali assim entao agora hoje ainda eh ne
        onde quanto quanta quantos quantas estou estao estamos era seria sera vai vao vou vamos ir
        pode podem posso podemos poderia consigo consegue quero queria gostaria gosto desejo
        preciso precisa precisamos fazer faz fazem faco faria feito feita dar da tal algum alguma
        alguns algumas cada dia dias coisa caso favor por
        aceita aceitam aceitar atende atendem atender pega pegam passa passar manda mandar trabalham
        oi ola opa bom boa tarde noite obrigado obrigada tudo bem saber sabe informar informacao
        informacoes duvida duvidas pergunta ajuda moca moco gentileza senhora senhor doutor doutora
        the a an and are at can could do does for from have how i if in is it me my of on or our
        please that there this to what when where which will with would you your we hello hi
        """
    )
)
# Longer ones first; each stands for what everybody means by it, in any business.
_PHRASES = {
    ("plano", "de", "saude"): "convenio",
    ("planos", "de", "saude"): "convenio",
    ("quanto", "tempo"): "duracao",
    ("quantas", "horas"): "duracao",
    ("que", "horas"): "horario",
    ("quantas", "vezes"): "parcelar",
    ("sul", "america"): "sulamerica",
    ("ultra", "som"): "ultrassom",
    ("video", "chamada"): "video",
    ("how", "much"): "preco",
    ("onde", "fica"): "endereco",
    ("onde", "ficam"): "endereco",
    ("onde", "e"): "endereco",
    ("onde", "esta"): "endereco",
    ("onde", "estao"): "endereco",
    ("onde", "voces"): "endereco",
    ("quanto", "custa"): "preco",
    ("quanto", "custam"): "preco",
    ("quanto", "custaria"): "preco",
    ("quanto", "fica"): "preco",
    ("quanto", "sai"): "preco",
    ("quanto", "e"): "preco",
    ("quanto", "esta"): "preco",
    ("quanto", "seria"): "preco",
    ("quanto", "cobra"): "preco",
    ("quanto", "cobram"): "preco",
    ("quanto", "voces"): "preco",
}
_WORDS = {
    **dict.fromkeys(("valor", "valores", "precos", "custo", "custos", "custa", "custam"), "preco"),
    **dict.fromkeys(("price", "prices", "cost", "costs"), "preco"),
    **dict.fromkeys(("agendar", "agendo", "marco", "agendamento", "marcacao"), "marcar"),
    **dict.fromkeys(("reagendar", "remarco", "reagendo", "remarcacao"), "remarcar"),
    **dict.fromkeys(("desmarcar", "desmarco", "cancelo", "cancelamento"), "cancelar"),
    **dict.fromkeys(("plano", "planos", "convenios", "insurance"), "convenio"),
    **dict.fromkeys(("localizacao", "localizada", "localizados", "address"), "endereco"),
    **dict.fromkeys(("dor", "dores", "doi", "doem", "doer", "doendo", "dolorido"), "dor"),
    **dict.fromkeys(("demora", "demoram", "demorar", "dura", "duram", "durar"), "duracao"),
    **dict.fromkeys(("medicamento", "medicamentos", "medicacao", "remedios"), "remedio"),
    **dict.fromkeys(("celular", "fone", "phone"), "telefone"),
    **dict.fromkeys(("gratis", "gratuito", "gratuita"), "gratis"),
    **dict.fromkeys(("parcela", "parcelas", "parcelam", "parcelamento", "dividir"), "parcelar"),
    **dict.fromkeys(("parking", "estacionar", "estaciono"), "estacionamento"),
}
_LONGEST = max(map(len, _PHRASES))
# A Stemmer object keeps a cache without a lock (PyStemmer's README): one per thread.
_local = threading.local()


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words that carry meaning, in order, each once."""
    said = words(text)
    found: dict[str, None] = {}
    at = 0
    while at < len(said):
        for size in range(_LONGEST, 1, -1):
            known = _PHRASES.get(said[at : at + size])
            if known is not None:
                found[_stem(known)] = None
                at += size
                break
        else:
            word = said[at]
            if word not in _STOP and (len(word) > 1 or word.isdigit()):
                found[_stem(_WORDS.get(word, word))] = None
            at += 1
    return tuple(found)


def _stem(word: str) -> str:
    stemmer = getattr(_local, "portuguese", None)
    if stemmer is None:
        stemmer = _local.portuguese = Stemmer.Stemmer("portuguese")
    stem: str = stemmer.stemWord(word)
    return stem
