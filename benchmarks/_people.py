"""Made-up people, companies and their numbers, with check digits reckoned here and nowhere else.

Nothing of this is shared with what finds them: own tables, own arithmetic, own ways of writing.
"""

import random
import string
import uuid

_FIRST = (
    "Ana Bruno Carla Davi Elisa Fábio Gabriela Heitor Isabela João Karina Luís Márcia Nelson"
    " Otávio Patrícia Rafael Sônia Thiago Úrsula Vinícius Wanda Yuri Zélia Antônia Caíque"
    " Conceição Édson"
)
_LAST = (
    "Almeida Barbosa Cardoso Dantas Esteves Ferreira Gonçalves Holanda Ibiapina Junqueira"
    " Lacerda Magalhães Nóbrega Oliveira Peixoto Queiroz Ribeiro Sampaio Tavares Uchôa"
    " Vasconcelos Xavier"
)
_PLAIN = str.maketrans("áàâãéêíóôõúüçÁÉÍÓÚÇÔÂÃÕ", "aaaaeeiooouucAEIOUCOAAO")
_MAILS = (
    "gmail.com hotmail.com outlook.com yahoo.com.br uol.com.br icloud.com bol.com.br"
    " terra.com.br live.com globo.com empresaxis.com.br padariadobairro.com.br ufpe.br"
    " escritorio.adv.br"
)
_STREETS = (
    "das Acácias|Barão de Itamaracá|Sete de Setembro|15 de Novembro|Marechal Deodoro|Santos"
    " Dumont|Doutor Osvaldo Cruz|Professora Amélia Duarte|do Sol|Nossa Senhora das"
    " Graças|Juscelino Kubitschek|Dom Pedro II|dos Pinheiros|Coronel João Pessoa|Padre"
    " Cícero|São Bento|Tiradentes|Engenheiro Abdias de Carvalho|Visconde de Suassuna|da"
    " Hora|José Bonifácio|Getúlio Vargas|Conselheiro Aguiar|Afonso Pena|Vereador Antônio"
    " Marinho|Gonçalves Dias|Cruz e Souza|25 de Março|Bela Vista|Amaro Coutinho|Ipiranga|Frei"
    " Caneca|Maria Quitéria"
)
_WAYS = ("Rua",) * 6 + ("Avenida", "Av.", "R.", "Travessa", "Alameda", "Praça", "Estrada", "Av")
_PLACES = (
    "Boa Viagem|Casa Forte|Centro|Jardim Europa|Vila"
    " Mariana|Moema|Savassi|Pituba|Aldeota|Batel|Santa Felicidade|Copacabana|Meireles|Ponta"
    " Negra|Tambaú"
)
_CITIES = (
    "Recife - PE|São Paulo - SP|Belo Horizonte/MG|Salvador - BA|Curitiba, PR|Fortaleza - CE|Rio"
    " de Janeiro - RJ|João Pessoa/PB"
)
_CODES = (
    "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49"
    " 51 53 54 55 61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92"
    " 93 94 95 96 97 98 99"
)


class People:
    """Gives values of one kind after another, always the same ones for a seed.

    Args:
        seed: of all that is drawn.
    """

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def digits(self, count: int) -> str:
        """Return any digits, not beginning with 0."""
        return str(self.draw.randrange(10 ** (count - 1), 10**count))

    def cpf(self) -> str:
        """Return 11 digits whose last two are right."""
        figures = [self.draw.randrange(10) for _ in range(9)]
        for _ in range(2):
            weighed = sum(f * w for f, w in zip(figures[::-1], range(2, 13), strict=False))
            rest = 11 - weighed % 11
            figures.append(0 if rest > 9 else rest)
        return "".join(map(str, figures))

    def cnpj(self, *, lettered: bool = False) -> str:
        """Return 12 characters and their two check digits, letters among them if wanted."""
        alphabet = string.digits + string.ascii_uppercase if lettered else string.digits
        body = "".join(self.draw.choice(alphabet) for _ in range(8))
        body += "".join(self.draw.choice(alphabet) for _ in range(4)) if lettered else "0001"
        if lettered and body.isdigit():
            body = f"A{body[1:]}"
        for _ in range(2):
            total = 0
            for place, char in enumerate(body[::-1]):
                total += (ord(char) - 48) * (2 + place % 8)
            rest = total % 11
            body += str(0 if rest < 2 else 11 - rest)
        return body

    def card(self) -> str:
        """Return a number of a brand with its right last digit."""
        head, length = self.draw.choice(
            [
                ("4", 16),
                ("5" + self.draw.choice("12345"), 16),
                ("37", 15),
                ("6062", 16),
                ("636368", 16),
            ]
        )
        body = head + "".join(self.draw.choice("0123456789") for _ in range(length - len(head) - 1))
        twice = [int(c) * 2 if i % 2 == 0 else int(c) for i, c in enumerate(body[::-1])]
        check = (10 - sum(n - 9 if n > 9 else n for n in twice) % 10) % 10
        return body + str(check)

    def mobile(self) -> tuple[str, str, str]:
        """Return area code, first five and last four digits."""
        return (
            self.draw.choice(_CODES.split()),
            f"9{self.draw.randrange(1000, 9999)}"[:5],
            f"{self.draw.randrange(10000):04}",
        )

    def landline(self) -> tuple[str, str, str]:
        """Return area code, first four and last four digits."""
        first = f"{self.draw.choice('2345')}{self.draw.randrange(1000):03}"
        return self.draw.choice(_CODES.split()), first, f"{self.draw.randrange(10000):04}"

    def name(self) -> tuple[str, str]:
        """Return first and last name."""
        return self.draw.choice(_FIRST.split()), self.draw.choice(_LAST.split())

    def mail(self) -> tuple[str, str]:
        """Return what stands before and after the @."""
        first, last = (part.translate(_PLAIN).lower() for part in self.name())
        mark, year = self.draw.choice(["", ".", "_", "-"]), self.draw.choice(["", "", "82", "2001"])
        local = self.draw.choice([f"{first}{mark}{last}{year}", f"{first[0]}{last}{year}", first])
        return local, self.draw.choice(_MAILS.split())

    def key(self) -> str:
        """Return a random Pix key."""
        return str(uuid.UUID(int=self.draw.getrandbits(128), version=4))

    def code(self) -> str:
        """Return a Pix code to copy and paste, with its check."""
        name = " ".join(self.name()).translate(_PLAIN).upper()
        account = _field("00", "br.gov.bcb.pix") + _field("01", self.key())
        fields = [("00", "01"), ("26", account), ("52", "0000"), ("53", "986")]
        if self.draw.random() < 0.5:
            fields.append(("54", f"{self.draw.randrange(1, 900)}.{self.draw.randrange(100):02}"))
        fields += [("58", "BR"), ("59", name), ("60", "RECIFE"), ("62", _field("05", "***"))]
        text = "".join(_field(*one) for one in fields) + "6304"
        return f"{text}{_check(text):04X}"

    def address(self) -> tuple[str, str]:
        """Return a street with its number, and what follows."""
        way, name = self.draw.choice(_WAYS), self.draw.choice(_STREETS.split("|"))
        number = str(self.draw.randrange(1, 4000))
        joint = self.draw.choice([", ", ", ", " ", ", nº ", " n ", " número ", ", n° "])
        place = self.draw.choice(_PLACES.split("|"))
        city = self.draw.choice(_CITIES.split("|"))
        more = self.draw.choice(
            [
                "",
                "",
                f", apto {self.draw.randrange(101, 1904)}",
                f", bloco {self.draw.choice('ABC')}, ap {self.draw.randrange(11, 99)}",
                f", {place}",
                f" - {place}, {city}",
                f", {place}, {city}, {self.postal()}",
                f", casa {self.draw.randrange(1, 30)}, CEP {self.postal()}",
            ]
        )
        return f"{way} {name}{joint}{number}", more

    def odd_address(self) -> tuple[str, str]:
        """Return a place as it is called where streets have no numbers, or no names."""
        name, number = self.draw.choice(_STREETS.split("|")), self.draw.randrange(1, 300)
        forms = [
            (f"Rua {name}, s/n", ""),
            (f"Rua {name} {number}A", " fundos"),
            (f"Quadra {number} lote {self.draw.randrange(1, 40)}", " perto da feira"),
            (f"SQS {self.draw.randrange(102, 416)} bloco {self.draw.choice('ABCDEK')} ap 302", ""),
            (f"Rodovia BR {self.draw.randrange(101, 400)}, km {number}", ""),
            (f"Rua {self.draw.randrange(1, 90)}, {number}", ", Vila Nova"),
            (f"Conjunto {name}, casa {number}", ""),
            (f"Rua {self.draw.choice('ABCDEF')}, {number}", ", Loteamento Bela Vista"),
            (f"Vila {name}, {number}", ""),
            (f"rua {name.lower()} em frente", " à padaria"),
        ]
        return self.draw.choice(forms)

    def postal(self) -> str:
        """Return a postal code."""
        text = f"{self.draw.randrange(1000000, 99999999):08}"
        return self.draw.choice([f"{text[:5]}-{text[5:]}", f"{text[:2]}.{text[2:5]}-{text[5:]}"])


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"


def _check(text: str) -> int:
    register = 0xFFFF
    for char in text.encode("ascii", "replace"):
        register ^= char << 8
        for _ in range(8):
            high = register & 0x8000
            register = (register << 1) & 0xFFFF
            if high:
                register ^= 0x1021
    return register
