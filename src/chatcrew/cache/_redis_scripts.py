"""What Redis runs for the cache: reads and writes that know which epoch they belong to."""

import hashlib
from dataclasses import dataclass

# Every value begins with the epoch it was written in, and only those of the current one are read.
# A process that could not reach Redis for a while may have missed writes, so it begins a new epoch
# when it returns. A Redis that was restarted (or failed over to a replica) has lost its scripts,
# which are never persisted (redis.io, "Scripting with Lua": "always volatile"), so the first call
# after it gets NOSCRIPT, and that begins a new epoch too. A write names the epoch its sender knows:
# one that waited in the socket of a hanging Redis must not land in the epoch that came after it.
# The first line makes the scripts of two namespaces differ, so that each notices for itself.
GET = """-- {mark}
local epoch = redis.call('get', KEYS[1])
local value = redis.call('get', KEYS[2])
if not epoch or not value or string.sub(value, 1, #epoch) ~= epoch then return false end
return {{string.sub(value, #epoch + 1), redis.call('pttl', KEYS[2])}}
"""
SET = """-- {mark}
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[2], ARGV[1] .. ARGV[2], 'px', ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the name Redis knows it by."""

    text: str
    sha: str

    @classmethod
    def of(cls, template: str, *, mark: str) -> "Script":
        """Return ``template`` made different from other namespaces' by ``mark``."""
        text = template.format(mark=mark)
        # SHA-1 is Redis' own name for a script, not a protection
        return cls(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
