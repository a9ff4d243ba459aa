"""What was read, in memory: the twin of the tables."""

from collections.abc import Mapping, Sequence

from chatcrew.attachments._port import Owned
from chatcrew.clock import Clock
from chatcrew.messages import Reading, clean_text


class MemoryReadings:
    """``Readings`` in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._contents: dict[tuple[str, str], Reading] = {}
        self._claims: dict[tuple[str, str], float] = {}
        self._seen: dict[tuple[str, str], tuple[str, str]] = {}

    async def of(self, account: str, refs: Sequence[str], *, tenant: str) -> Mapping[str, Reading]:
        """See ``Readings.of``."""
        found: dict[str, Reading] = {}
        for ref in refs:
            content = self._seen.get((account, ref))
            if content is not None and content[0] == tenant and content in self._contents:
                found[ref] = self._contents[content]
        return found

    async def claim(self, tenant: str, digest: str, *, seconds: float) -> Reading | bool:
        """See ``Readings.claim``."""
        content, now = (tenant, digest), self._clock.monotonic()
        if content in self._contents:
            return self._contents[content]
        if self._claims.get(content, now) > now:
            return False
        self._claims[content] = now + seconds
        return True

    async def give_up(self, tenant: str, digest: str) -> None:
        """See ``Readings.give_up``."""
        self._claims.pop((tenant, digest), None)

    async def keep(self, tenant: str, digest: str, reading: Reading) -> None:
        """See ``Readings.keep``."""
        cleaned = Reading(clean_text(reading.text), reading.how)
        self._contents.setdefault((tenant, digest), cleaned)
        self._claims.pop((tenant, digest), None)

    async def saw(self, owned: Owned, digest: str) -> None:
        """See ``Readings.saw``."""
        place = (owned.conversation.account, owned.file.ref)
        self._seen[place] = (owned.tenant, digest)
