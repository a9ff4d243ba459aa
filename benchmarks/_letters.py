"""What made-up customers write: messages with one secret each, and messages without any."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks._handwriting import Writers
from benchmarks._people import People

_ASK = {
    "cpf": (
        "meu cpf é {}",
        "{}",
        "CPF {}",
        "cpf: {} pode conferir?",
        "segue o documento {}",
        "oi, o titular é outro, {} nome Ana",
        "cadastro no {} por favor 🙏",
        "Atendente: informe o CPF\nCliente: {}",
        "já mandei três vezes!! {}",
        "o da minha mãe é {} e ela quer cancelar",
        "pode emitir a nota no cpf {}?",
        "bom dia\n{}\nMaria do Carmo",
        "CPF do responsável - {} - obrigado",
        "é {} viu",
    ),
    "cnpj": (
        "o cnpj da loja é {}",
        "CNPJ: {}",
        "nota em nome da empresa {}, por favor",
        "{} é o nosso cnpj",
        "fatura pra {} ok",
        "somos a padaria, cnpj {}",
        "Cnpj {} inscrição isenta",
    ),
    "card": (
        "meu cartão é {}",
        "cartao {} validade 08/29",
        "{} val 11/30 cvv 737",
        "passa no crédito {}",
        "tentei com o {} e não foi",
        "número do cartão: {}",
        "debita nesse {}",
    ),
    "phone": (
        "meu zap é {}",
        "me liga no {}",
        "{}",
        "whats {} fala com a Ju",
        "Telefone: {}",
        "pode chamar {} depois das 18h?",
        "meu número novo {}",
        "contato do marido {} urgente",
        "qualquer coisa {} 😉",
        "tel {} ou passo aí",
        "anota aí: {}",
        "falar com Rui, celular {}",
    ),
    "email": (
        "meu email é {}",
        "{}",
        "manda o boleto pra {} por favor",
        "E-mail: {}",
        "pode enviar em {}?",
        "login {} e não lembro a senha",
        "o certo é {}, sem acento",
        "responde no {} que aqui não vejo",
    ),
    "pix": (
        "minha chave pix é {}",
        "pix {}",
        "devolve nesse pix: {}",
        "chave aleatória {}",
        "paga aqui {} por favor",
        "copia e cola\n{}",
        "o reembolso pode ser no pix {}",
    ),
    "address": (
        "moro na {}",
        "meu endereço é {}",
        "entrega na {}",
        "Endereço: {}",
        "vocês entregam na {}?",
        "é na {} portão azul",
        "mudei! agora é {}",
        "manda pra {} que eu recebo",
        "{}",
        "fica perto da {}?",
    ),
}
_INNOCENT = {
    "order": (
        "cadê meu pedido {}?",
        "pedido {}",
        "pedido nº {} não chegou",
        "#{}",
        "compra {} feita ontem",
        "o número do pedido é {}",
        "meu pedido é o {} e veio errado",
        "protocolo {}",
        "nota fiscal {}",
        "Pedido: {} valor ok",
        "Atendente: qual o número do pedido?\nCliente: {}",
    ),
    "price": (
        "custa {}?",
        "vi por {} no site",
        "o total deu {}",
        "{} à vista ou 3x",
        "paguei {} e cobraram {}",
        "desconto de {}",
        "tá {} aqui",
    ),
    "date": (
        "quero dia {}",
        "pode ser {} às 14:30?",
        "comprei em {}",
        "nasci em {}",
        "entre {} e {}",
    ),
    "goods": (
        "código de barras {}",
        "o produto {} tem?",
        "EAN {}",
        "item {} da lista",
    ),
    "parcel": (
        "rastreio {}",
        "meu código é {}",
        "{} tá parado em Cajamar",
    ),
    "amount": (
        "quero {} unidades",
        "são {} pessoas e {} crianças",
        "tamanho {} ou {}",
        "mandei {} caixas de {}",
        "sala {} andar {}",
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message.

    Attributes:
        text: what the customer wrote.
        kind: of what is secret in it, or the sort of innocent number.
        start: where the secret begins; without one, equal to ``end``.
        end: where it ends.
    """

    text: str
    kind: str
    start: int = 0
    end: int = 0


def letters(count: int, *, seed: int) -> Iterator[Letter]:
    """Yield ``count`` messages, half again as many with a secret as without one."""
    people = People(seed)
    writers = Writers(people)
    kinds, innocent = list(_ASK), list(_INNOCENT)
    for number in range(count):
        if number % 5 < 3:
            kind = kinds[number % len(kinds)]
            yield _with_secret(people.draw, kind, getattr(writers, kind)(people.draw))
        else:
            kind = innocent[number % len(innocent)]
            words = people.draw.choice(_INNOCENT[kind])
            values = [getattr(writers, kind)(people.draw) for _ in range(words.count("{}"))]
            yield Letter(words.format(*values), kind)


def _with_secret(draw: random.Random, kind: str, secret: str) -> Letter:
    shown, _, rest = secret.partition("\0")
    head, _, tail = draw.choice(_ASK[kind]).partition("{}")
    if draw.random() < 0.15:
        head, tail = head.upper(), tail.upper()
    return Letter(f"{head}{shown}{rest}{tail}", kind, len(head), len(head) + len(shown))
