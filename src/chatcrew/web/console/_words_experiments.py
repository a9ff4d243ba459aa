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
    "sheet.differences": ("O que se pode concluir", "What may be concluded"),
    "sheet.differences.note": (
        "Ao lado de cada parte, a faixa em que a verdadeira está com 95 % de certeza. Com menos de "
        "30 atendimentos que contam em cada variante nada se conclui.",
        "Beside each share, the range in which the true one lies with 95 % certainty. With fewer "
        "than 30 sessions that count of each variant nothing is concluded.",
    ),
    "sheet.variants": ("Variantes", "Variants"),
    "col.experiment": ("Experimento", "Experiment"),
    "col.variant": ("Variante", "Variant"),
    "col.measure": ("Medida", "Measure"),
    "measure.containment": ("Resolvidos sem pessoas", "Solved without people"),
    "measure.escalation": ("Passados a pessoas", "Given to people"),
    "measure.durability": ("Resolvidos de vez", "Solved for good"),
    "measure.satisfied": ("Clientes satisfeitos", "Satisfied customers"),
    "col.a": ("a", "a"),
    "col.a_low": ("a, ao menos", "a, at least"),
    "col.a_high": ("a, no máximo", "a, at most"),
    "col.b": ("b", "b"),
    "col.b_low": ("b, ao menos", "b, at least"),
    "col.b_high": ("b, no máximo", "b, at most"),
    "col.difference": ("b menos a", "b less a"),
    "col.verdict": ("Conclusão", "Conclusion"),
    "verdict.not_enough_data": ("dados de menos", "not enough data"),
    "verdict.no_difference": ("nenhuma diferença mostrada", "no difference shown"),
    "verdict.a": ("a é melhor", "a is better"),
    "verdict.b": ("b é melhor", "b is better"),
}
