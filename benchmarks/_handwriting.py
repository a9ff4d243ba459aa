"""How people write their numbers, addresses and prices: each in many ways, some of them odd."""

import random

from benchmarks._people import People

_WIDE = str.maketrans("0123456789", "".join(chr(0xFF10 + n) for n in range(10)))


class Writers:
    """Writes one value of a kind after another.

    Args:
        people: whose values they are.
    """

    def __init__(self, people: People) -> None:
        self._people = people

    def cpf(self, draw: random.Random) -> str:
        """Return one."""
        joints = draw.choice(
            [[".", ".", "-"]] * 4
            + [[" ", " ", " "]] * 2
            + [["", "", ""]] * 4
            + [
                ["", "", "-"],
                [".", ".", "."],
                ["-", "-", "-"],
                [" ", " ", "-"],
                [". ", ". ", " - "],
            ]
            + [["\n", ".", "-"], [".", ".", ""], ["/", "/", "-"], [",", ",", "-"]]
            + [["", "", "/"], [" ", " ", "."], ["_", "_", "_"], [" . ", " . ", " - "]]
        )
        return _oddly(draw, _cut(self._people.cpf(), [3, 3, 3, 2], joints))

    def cnpj(self, draw: random.Random) -> str:
        """Return one."""
        if draw.random() < 0.25:
            text = self._people.cnpj(lettered=True)
            return _cut(text, [2, 3, 3, 4, 2], [".", ".", "/", "-"])
        joints = draw.choice(
            [[".", ".", "/", "-"]] * 4
            + [["", "", "", ""]] * 3
            + [[" ", " ", " ", " "], ["", "", "/", "-"], [".", ".", " ", "-"], [".", ".", ".", "-"]]
        )
        return _oddly(draw, _cut(self._people.cnpj(), [2, 3, 3, 4, 2], joints))

    def card(self, draw: random.Random) -> str:
        """Return one."""
        number = self._people.card()
        sizes = [4, 6, 5] if len(number) == 15 else [4, 4, 4, 4]
        joint = draw.choice([" ", " ", "", "", "-", ".", "  ", "\n"])
        return _oddly(draw, _cut(number, sizes, [joint] * (len(sizes) - 1)))

    def phone(self, draw: random.Random) -> str:
        """Return one."""
        area, first, last = (
            self._people.mobile() if draw.random() < 0.75 else self._people.landline()
        )
        forms = [
            f"({area}) {first}-{last}",
            f"({area}){first}-{last}",
            f"{area} {first}-{last}",
            f"{area}{first}{last}",
            f"{area} {first}{last}",
            f"{area} {first} {last}",
            f"+55 {area} {first}-{last}",
            f"+55{area}{first}{last}",
            f"55 {area} {first}-{last}",
            f"0{area} {first}-{last}",
            f"{area}-{first}-{last}",
            f"{area}.{first}.{last}",
            f"+55 ({area}) {first} {last}",
            f"({area}) {first[0]} {first[1:]}-{last}"
            if len(first) == 5
            else f"({area}) {first}{last}",
            f"{first}-{last}",
            f"{area} {first[:-4]} {first[-4:]} {last}".replace("  ", " "),
            f"(0{area}) {first}-{last}",
            f"{area} {first[:3]} {first[3:]}{last[0]} {last[1:]}"
            if len(first) == 5
            else f"({area}) {first} {last}",
            f"+55-{area}-{first}-{last}",
            f"{area}/{first}-{last}",
            f"({area}) {first}.{last}",
            f"{area} - {first} - {last}",
            f"0055{area}{first}{last}",
        ]
        if len(first) == 5:
            forms += [
                f"({area}) {first[0]} {first[1:]}-{last}",
                f"{area} {first[:3]} {first[3:]}{last[0]} {last[1:]}",
            ]
        return _oddly(draw, draw.choice(forms))

    def email(self, draw: random.Random) -> str:
        """Return one."""
        local, domain = self._people.mail()
        plain = f"{local}@{domain}"
        forms = [plain] * 8 + [
            plain.upper(),
            plain.capitalize(),
            f"{local} @ {domain}",
            f"{local} arroba {domain}",
            f"{local} arroba {domain.replace('.', ' ponto ')}",
            f"{local}(arroba){domain}",
            f"{local}@{domain.replace('.', ' . ')}",
            f"{local}@{domain.replace('.', ',')}" if domain.startswith("gmail") else plain,
            f"{local} arroba {domain.replace('.', ' ')}" if domain.startswith("gmail") else plain,
            f"{local.replace('.', ' ponto ').replace('_', ' underline ')} arroba {domain}",
            f"{local}[at]{domain.replace('.', '[dot]')}",
            f"{local}@\n{domain}",
            f"<{plain}>",
        ]
        return draw.choice(forms)

    def pix(self, draw: random.Random) -> str:
        """Return one."""
        return draw.choice(
            [
                self._people.key,
                self._people.key,
                self._people.code,
                lambda: self.cpf(draw),
                lambda: self.email(draw),
            ]
        )()

    def address(self, draw: random.Random) -> str:
        """Return one."""
        street, more = (
            self._people.address() if draw.random() < 0.85 else self._people.odd_address()
        )
        text = f"{street}\0{more}"
        return draw.choice([text, text, text.lower()])

    def order(self, draw: random.Random) -> str:
        """Return one."""
        year, day = (
            draw.randrange(2021, 2027),
            f"{draw.randrange(1, 13):02}{draw.randrange(1, 29):02}",
        )
        return draw.choice(
            [
                self._people.digits(draw.choice([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])),
                f"BF-{self._people.digits(5)}",
                f"{year}{day}{self._people.digits(5)}",
                f"{self._people.digits(3)}-{self._people.digits(7)}-{self._people.digits(7)}",
                f"{year}/{self._people.digits(6)}",
            ]
        )

    def price(self, draw: random.Random) -> str:
        """Return one."""
        cents, whole = f"{draw.randrange(100):02}", draw.randrange(1, 2_000_000)
        dotted = f"{whole:,}".replace(",", ".")
        return draw.choice(
            [f"R$ {dotted},{cents}", f"R${whole},{cents}", f"{whole} reais", f"{dotted},{cents}"]
        )

    def date(self, draw: random.Random) -> str:
        """Return one."""
        day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(1950, 2027)
        return draw.choice(
            [
                f"{day:02}/{month:02}/{year}",
                f"{day}/{month}",
                f"{day:02}-{month:02}-{year}",
                f"{day:02}.{month:02}.{year}",
                f"{year}-{month:02}-{day:02}",
                f"{day} de maio de {year}",
            ]
        )

    def goods(self, draw: random.Random) -> str:
        """Return one."""
        body = f"78{draw.choice('90')}{self._people.digits(9)}"
        weights = sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(body))
        return draw.choice(
            [f"{body}{-weights % 10}", f"SKU-{self._people.digits(6)}", f"{self._people.digits(8)}"]
        )

    def parcel(self, draw: random.Random) -> str:
        """Return one."""
        head = draw.choice(["BR", "LB", "NM", "OJ", "QB"])
        return f"{head}{self._people.digits(9)}{draw.choice(['BR', 'BR', 'CN', 'SE'])}"

    def amount(self, draw: random.Random) -> str:
        """Return one."""
        return str(draw.randrange(1, 5000))


def _cut(text: str, sizes: list[int], joints: list[str]) -> str:
    parts, at = [], 0
    for size, joint in zip(sizes, [*joints, ""], strict=True):
        parts.append(text[at : at + size] + joint)
        at += size
    return "".join(parts)


def _oddly(draw: random.Random, text: str) -> str:
    """Write a number in the odd ways of some keyboards, once in twenty."""
    dice = draw.random()
    if dice < 0.02:
        return text.translate(_WIDE)
    if dice < 0.03:
        return text.replace("-", "\N{EN DASH}")
    if dice < 0.04:
        return text.replace(" ", "\N{NO-BREAK SPACE}")
    if dice < 0.05:
        middle = len(text) // 2
        return f"{text[:middle]}\N{ZERO WIDTH SPACE}{text[middle:]}"
    return text
