"""How many rows a second the search for one person reads, each in every spelling and encoding.

Run from the repository's root: ``python -m benchmarks.scanning`` (``--rows``, ``--seed``).
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from chatcrew.lgpd import Searcher, given, sentences

SAID = (
    "Bom dia, queria saber se o pedido {number} já saiu para entrega em Recife, obrigada",
    "qual o horário de vocês no sábado? moro perto, na rua {number}",
    "Oi",
    "pode mandar o link https://loja.exemplo/p/{number}?cor=azul%20claro",
)


def main() -> None:
    """Print the figure; end with 1 where somebody was found who is not there."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=5000)
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    rows = [
        json.dumps(
            {
                "message_id": place,
                "text": chance.choice(SAID).format(number=chance.randrange(10**6)),
                "author": {"kind": "customer", "id": place, "name": "Maria"},
                "created_at": "2026-11-01T09:00:00+00:00",
            },
            ensure_ascii=False,
        )
        for place in range(chosen.rows)
    ]
    searcher = Searcher(
        given("phone", "81 98765-4321")
        | given("email", "ana.lopes@exemplo.com.br")
        | given("cpf", "111.444.777-35")
        | sentences(["Comprei o kit hidratante azul para o casamento da minha prima em Olinda"])
    )
    begun = time.perf_counter()
    found = sum(bool(searcher.kinds(row)) for row in rows)
    seconds = time.perf_counter() - begun
    print(f"{chosen.rows} rows, {found} found, {chosen.rows / seconds:.0f} rows/s")
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
