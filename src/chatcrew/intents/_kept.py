"""Classifiers that were trained already: one per configuration version, and not too many."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence

from chatcrew.intents._classifier import Classifier, Lesson
from chatcrew.intents._lessons import known, lessons
from chatcrew.tenancy.model import Tenant

Version = Hashable
"""Names what is learned: equal versions mean the same lessons."""


def version(tenant: Tenant, language: str) -> Version:
    """Return what a tenant's classifier depends on; another edit of the files learns nothing anew.

    As cheap as a hash of some hundred phrases, which know theirs: a turn may ask each time.
    """
    return (
        tenant.key,
        language,
        tenant.intents,
        tuple((one.question, one.also) for one in tenant.faq),
    )


class Classifiers:
    """Keeps the classifiers used last; each version is trained once, whoever asks first."""

    def __init__(self, *, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[Version, Classifier] = OrderedDict()
        self._training: dict[Version, threading.Lock] = {}
        self._lock = threading.Lock()

    def ready(self, version: Version) -> Classifier | None:
        """Return the classifier of ``version`` if it was trained, at once."""
        with self._lock:
            found = self._kept.get(version)
            if found is not None:
                self._kept.move_to_end(version)
            return found

    def of(
        self, version: Version, lessons: Iterable[Lesson], *, aside: Sequence[str] = ()
    ) -> Classifier:
        """Return the classifier of ``version``, trained now if need be: call this in a thread.

        Args:
            version: the same version means the same lessons.
            lessons: as for ``Classifier.train``.
            aside: as for ``Classifier.train``.
        """
        with self._lock:
            mine = self._training.setdefault(version, threading.Lock())
        with mine:
            found = self.ready(version)
            if found is not None:
                return found
            try:
                trained = Classifier.train(lessons, aside=aside)
                with self._lock:
                    self._kept[version] = trained
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._training.pop(version, None)
        return trained

    def teach(self, tenant: Tenant, language: str) -> Classifier:
        """Return a tenant's classifier, trained now if need be: call this in a thread."""
        learned, aside = lessons(tenant, known(tenant, language))
        return self.of(version(tenant, language), learned, aside=aside)

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)
