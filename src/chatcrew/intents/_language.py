"""Portuguese or English: a vote of small words, because chat lines are too short for more."""

from chatcrew.intents._fold import fold, word_set

PORTUGUESE = "pt-BR"
ENGLISH = "en"

_PORTUGUESE = word_set(
    """
    a ao aos as agora aqui ate bem boa bom com como consulta da das de dia do dos e ela ele em
    entao essa esse esta estou eu exame faz fazer favor fica foi gostaria hoje isso ja la mais mas
    me meu minha muito na nao nas no nos noite o obrigada obrigado oi ola onde os ou para pela pelo
    pode posso por porque pra preciso qual quais quando quanto que quem quero sao se sem ser seu
    sim sobre sou sua tambem tarde tem tenho ter tudo um uma voce voces vcs vc
    """
)
_ENGLISH = word_set(
    """
    about an and are at book but can could do does for from good have hello help hey hi how i if in
    is it like morning much my need not of on or please speak take talk thank thanks that the there
    they this to want was we what when where which who why will with would yes you your
    """
)


def detect_language(text: str, *, default: str) -> str:
    """Return ``pt-BR`` or ``en`` by a vote of stop words, ``default`` where it is not clear.

    Words of both languages (``a``, ``me``, ``no``, ``do``) weigh nothing against one that is not.
    """
    found = fold(text).split()
    portuguese = sum(word in _PORTUGUESE and word not in _ENGLISH for word in found)
    english = sum(word in _ENGLISH and word not in _PORTUGUESE for word in found)
    if portuguese == english:
        return default
    return PORTUGUESE if portuguese > english else ENGLISH
