"""What is read on the page of experiments."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "experiments": ("Experimentos", "Experiments"),
    "experiments.lead": (
        "Duas personas do mesmo negócio, cada cliente sempre com a mesma, e o que cada uma "
        "resolveu.",
        "Two personas of one business, each customer always with the same one, and what each "
        "solved.",
    ),
    "experiments.none": ("Nenhum experimento neste período", "No experiment in this time"),
    "experiments.none.how": (
        "Um experimento começa com experiment: no arquivo do negócio: um nome e duas variantes da "
        "persona. Os resultados aparecem aqui.",
        "An experiment begins with experiment: in the business's file: a name and two variants of "
        "the persona. Its results stand here.",
    ),
    "experiments.alone": (
        "Só uma variante atendeu neste período: não há com o que comparar.",
        "Only one variant attended in this time: there is nothing to compare with.",
    ),
    "experiments.few": (
        "Ainda há dados de menos: uma diferença aqui pode ser acaso. Espere 30 atendimentos "
        "encerrados de cada variante.",
        "Not enough data yet: a difference may be chance. Wait for 30 ended sessions of each "
        "variant.",
    ),
    "experiments.open": (
        "Não se vê diferença: as faixas em que a verdadeira parte está se cruzam.",
        "No difference is seen: the ranges in which the true shares lie overlap.",
    ),
    "experiments.differs": (
        "As variantes diferem: as faixas em que a verdadeira parte está não se tocam.",
        "The variants differ: the ranges in which the true shares lie do not touch.",
    ),
    "sheet.variants": ("Variantes", "Variants"),
    "sheet.variants.note": (
        "Com 95 % de certeza a verdadeira parte de resolvidos está entre “ao menos” e “no máximo”.",
        "With 95 % certainty the true share of solved ones lies between “at least” and “at most”.",
    ),
    "col.variant": ("Variante", "Variant"),
    "col.ended": ("Encerrados", "Ended"),
    "col.low": ("Ao menos", "At least"),
    "col.high": ("No máximo", "At most"),
}
