"""When a phrase inside a sentence is not what the customer wants (conservative: then no intent)."""

from collections.abc import Sequence
from itertools import pairwise, product

from chatcrew.intents._fold import word_set

_NO = word_set(
    """
    nao nem nunca jamais sem not never without cannot
    """
)
# "não consigo falar com um atendente" complains that it does not work: the wish stands.
_TRYING = word_set(
    """
    consigo consegui conseguimos tem da ha existe deu adianta adiantou can able managed
    """
)
# "consegui falar com um atendente" tells of something that is done.
_DONE = word_set(
    """
    consegui conseguimos acabei acabo fui managed
    """
)
# "é preciso falar com atendente para cancelar?" asks whether, and does not ask for it.
_WHETHER = word_set(
    """
    preciso precisa precisamos necessario obrigatorio devo deve need must should
    """
)
_HAVE_TO = frozenset(product(("tem", "tenho", "have"), ("que", "to")))
_HOW_TO = word_set(
    """
    que para to for se ou
    """
)
# "até que horas posso falar com um atendente?" asks for a time.
_WHEN = word_set(
    """
    horario horarios horas hours
    """
)
# "no" alone is also Portuguese ("em o"), so only before these.
_NO_WISH = frozenset(product(("no",), ("need", "quiero", "necesito", "quisiera", "hace")))
# "no quiero hablar con un robot" wishes for people by its no.
_MACHINES = word_set("robo robot bot maquina")
_WINDOW = 3


def takes_back(
    before: Sequence[str], phrase: Sequence[str], after: Sequence[str], *, question: bool
) -> bool:
    """Return whether the words around a phrase say that it is not wished now.

    Args:
        before: folded words of the same clause before the phrase.
        phrase: the folded words that matched.
        after: folded words of the sentence after it.
        question: the sentence ends with a question mark.
    """
    near = list(before[-_WINDOW:])
    for place, word in enumerate(near):
        following = near[place + 1] if place + 1 < len(near) else phrase[0]
        unwished = (word, following) in _NO_WISH and _MACHINES.isdisjoint(phrase)
        if (word in _NO and following not in _TRYING) or unwished:
            return True
    if question and not _WHEN.isdisjoint(before):
        return True
    if not _NO.isdisjoint(near):
        return False
    if not _DONE.isdisjoint(near):
        return True
    return question and _asks_whether([*near, *phrase], after)


def _asks_whether(said: Sequence[str], after: Sequence[str]) -> bool:
    must = any(pair in _HAVE_TO for pair in pairwise(said))
    return (must or not _WHETHER.isdisjoint(said)) and any(word in _HOW_TO for word in after[:2])
