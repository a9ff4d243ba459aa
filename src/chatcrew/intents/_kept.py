"""Classifiers that were trained already: one per configuration version, and not too many."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from chatcrew.intents._classifier import Classifier, Lesson


class Classifiers:
    """Keeps the classifiers used last; each version is trained once, whoever asks first."""

    def __init__(self, *, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[str, Classifier] = OrderedDict()
        self._training: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def ready(self, version: str) -> Classifier | None:
        """Return the classifier of ``version`` if it was trained, at once."""
        with self._lock:
            found = self._kept.get(version)
            if found is not None:
                self._kept.move_to_end(version)
            return found

    def of(
        self, version: str, lessons: Iterable[Lesson], *, aside: Sequence[str] = ()
    ) -> Classifier:
        """Return the classifier of ``version``, trained now if need be: call this in a thread.

        Args:
            version: names tenant and configuration; the same version means the same lessons.
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

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)
