"""Kept classifiers: one training per version, and a bounded number of them."""

import threading
from dataclasses import replace

from chatcrew.intents import Classifier, Classifiers, Lesson, version
from chatcrew.tenancy.model import Faq, Intent, Persona, Tenant

LESSONS = (
    Lesson("cancel", ("quero cancelar", "cancela o pedido")),
    Lesson("track", ("onde está meu pedido", "rastrear pedido")),
)


def test_a_version_is_trained_once_and_then_at_hand() -> None:
    """A turn asks ``ready`` first and pays nothing."""
    kept = Classifiers()
    assert kept.ready("shop@1") is None

    trained = kept.of("shop@1", LESSONS)

    assert kept.ready("shop@1") is trained
    assert kept.of("shop@1", ()) is trained
    assert kept.of("shop@2", LESSONS) is not trained


def test_turns_that_ask_at_once_train_once() -> None:
    """The others wait for the first and get its classifier."""
    kept = Classifiers()
    begun: list[int] = []
    found: list[Classifier] = []
    together = threading.Barrier(6)

    class Counted(tuple[Lesson, ...]):
        """Lessons that tell when somebody learns them."""

        def __iter__(self):  # type: ignore[no-untyped-def]  # same as tuple's
            begun.append(1)
            return super().__iter__()

    def ask() -> None:
        together.wait()
        found.append(kept.of("shop@1", Counted(LESSONS)))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(begun) == 1
    assert all(one is found[0] for one in found)
    assert len(found) == 6


def test_the_ones_used_longest_ago_go_first() -> None:
    """Old configuration versions do not pile up."""
    kept = Classifiers(most=2)
    kept.of("a", LESSONS)
    kept.of("b", LESSONS)
    kept.ready("a")
    kept.of("c", LESSONS)

    assert len(kept) == 2
    assert kept.ready("b") is None
    assert kept.ready("a") is not None


def test_only_what_is_learned_makes_another_version() -> None:
    """An edit of opening hours, or of another business, trains nothing anew (S4-29)."""
    shop = Tenant(
        "shop/acme",
        "pt-BR",
        "America/Sao_Paulo",
        Persona("Ana", "Acme", "leve"),
        faq=(Faq("Vocês entregam?", "Sim.", (), ("a.yaml", 3)),),
        intents=(Intent("cancel", ("quero cancelar", "cancela o pedido"), "handoff"),),
    )
    kept = Classifiers()
    taught = kept.teach(shop, "pt-BR")

    assert kept.ready(version(replace(shop, hours="das 9h às 18h"), "pt-BR")) is taught
    assert kept.ready(version(shop, "en")) is None
    for other in (
        replace(shop, key="shop/outlet"),
        replace(shop, faq=()),
        replace(shop, intents=(replace(shop.intents[0], keywords=("cancelamento",)),)),
    ):
        assert kept.ready(version(other, "pt-BR")) is None
