"""The account of a turn in plain words: for the terminal, and as a private note for operators."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from chatcrew.intents import plain
from chatcrew.messages import refusal_told
from chatcrew.why._plain import channel, engine, function, stage
from chatcrew.why._reasons import NOT_ALLOWED, OUTCOMES, OUTRUN, PARTS, RUNGS, STATUSES, reason
from chatcrew.why._values import Account, Cite, IntentTold, PartTold, Standing, Story, ToolTold
from chatcrew.why._words import FATES, KINDS, WORDS

_MOST_READ = 4
"""What else the model read, as far as it is named: the rest is counted."""
_MOST_STAGES = 3
_LONGEST_NAME = 70
_A_SECOND = 1000.0
_SHOWN_MS = 50

Row = tuple[str, str]


def lines(story: Story, language: str, *, zone: tzinfo) -> Iterator[str]:
    """Yield a conversation's story as a terminal shows it.

    Args:
        story: who answers now, and its turns.
        language: ``pt-BR`` or ``en``.
        zone: in which times are told.
    """
    yield from _standing_lines(story.standing, language, zone)
    if not story.turns:
        yield "  " + WORDS[language]["no_turns"]
    for one in story.turns:
        yield f"  {_moment(one.at, zone)}  {headline(one, language)}"
        for label, words in rows(one, language):
            yield f"    {label}: {words}"


def headline(account: Account, language: str) -> str:
    """Return in one line what the turn did and why."""
    if account.outcome is None:
        undecided = WORDS[language]["undecided"]
        return undecided.format(attempts=account.attempts, worker=account.worker)
    did = done(account)
    return f"{OUTCOMES[language].get(did, did)}: {reason(account.reason or '', language)}"


def done(account: Account) -> str:
    """Return what a turn did: its outcome, or ``open``.

    Of one that answered nothing: whether it wrote to the customer all the same (``wrote``), told
    people (``told``) or drafted (``draft``).
    """
    if account.outcome != "dropped":
        return account.outcome or "open"
    if account.reason == "draft":
        return "draft"
    out = {part.kind for part in account.parts if part.state in ("sent", "unknown")}
    return "wrote" if "message" in out else "told" if "note" in out else "dropped"


def rows(account: Account, language: str) -> Iterator[Row]:
    """Yield what is told of a turn below its headline, as label and words."""
    words = WORDS[language]
    if account.cites:
        yield words["cites"], "; ".join(_cite(one, language) for one in account.cites)
    elif account.outcome in ("replied", "handed_off"):
        yield words["cites"], words["no_cites"]
    if account.read:
        yield words["read"], _read(account.read, language)
    if account.intent is not None:
        yield words["intent"], _intent(account.intent, language)
    if account.tools:
        yield words["tools"], ", ".join(_tool(one, language) for one in account.tools)
    yield from _taking(account, language)
    if account.rungs:
        tried = (_rung(one.name, one.end, one.ms, language) for one in account.rungs)
        yield words["rungs"], " → ".join(tried)
    if account.limit is not None:
        yield words["limit"], refusal_told(account.limit, language)
    unsent = [one for one in account.parts if one.state != "sent"]
    if unsent:
        yield words["parts"], ", ".join(_part(one, language) for one in unsent)
    if account.config:
        known = all(one.known for one in account.cites)
        key = "version_own" if known else "version_now"
        yield words["version"], words[key].format(version=account.config)


def quiet(standing: Standing, language: str, *, zone: tzinfo) -> str:
    """Return why the bot is quiet now, and until when; "" where it may speak."""
    if standing.quiet is None:
        return ""
    words = WORDS[language]
    return words["quiet"].format(
        why=reason(standing.quiet, language),
        by=words["by"].format(name=_name(standing.by)) if standing.by else "",
        since=words["since"].format(at=_clock(standing.since, language, zone))
        if standing.since
        else "",
        until=words["until"].format(at=_clock(standing.until, language, zone))
        if standing.until
        else "",
    )


def _standing_lines(standing: Standing, language: str, zone: tzinfo) -> Iterator[str]:
    words = WORDS[language]
    yield words["head"].format(
        conversation=standing.conversation,
        tenant=standing.tenant or "?",
        channel=standing.channel or "?",
    )
    status = STATUSES[language].get(standing.status or "", standing.status or "?")
    owner = words[f"owner_{standing.owner}"]
    if standing.owner_name and standing.owner == "person":
        owner = words["owner_named"].format(name=_name(standing.owner_name))
    yield "  " + words["state"].format(status=status, owner=owner)
    yield "  " + (quiet(standing, language, zone=zone) or words["speaks"])
    if standing.parked_at is not None:
        yield "  " + words["parked"].format(at=_moment(standing.parked_at, zone))
    if standing.waiting is not None:
        yield "  " + words["waiting"]


def _cite(one: Cite, language: str) -> str:
    """Return what is cited, with its lines."""
    kind = KINDS[language].get(one.kind, one.kind)
    called = plain(one.name, language) if one.kind in ("intent", "wording") else one.name
    name = f" “{_name(called)}”" if called and one.name != one.kind else ""
    places = ", ".join(f"`{place}`" for place in one.places) or WORDS[language]["unplaced"]
    return f"{kind}{name} ({places})"


def _read(read: Sequence[Cite], language: str) -> str:
    told = [_cite(one, language) for one in read[:_MOST_READ] if one.places]
    left = len(read) - len(told)
    if left:
        told.append(WORDS[language]["more"].format(count=left))
    return "; ".join(told)


def _intent(intent: IntentTold, language: str) -> str:
    words = WORDS[language]
    percent = _percent(intent.confidence)
    if intent.how == "near":
        return words["intent_near"].format(name=plain(intent.name, language), percent=percent)
    how = words.get(f"how_{intent.how}", words["how_"])
    said = how.format(phrase=_name(intent.phrase), percent=percent)
    return words["intent_how"].format(name=plain(intent.name, language), how=said)


def _tool(tool: ToolTold, language: str) -> str:
    told = [FATES[language].get(tool.fate, tool.fate)]
    told += [f"nº {tool.number}"] if tool.number is not None else []
    told += [f"{tool.calls}x"] if tool.calls > 1 else []
    told += [_took(tool.ms, language)] if tool.ms is not None else []
    return f"{tool.name} ({', '.join(told)})"


def _taking(account: Account, language: str) -> Iterator[Row]:
    """Yield who answered, how long it took and what it cost."""
    words, spent = WORDS[language], account.spent
    by = [
        engine(account.engine, language) if account.engine else "",
        words["crew"].format(crew=channel(account.crew, language)) if account.crew else "",
        words["function"].format(function=function(account.function, language))
        if account.function
        else "",
        words["roles"].format(roles=", ".join(account.roles)) if account.roles else "",
    ]
    if any(by):
        yield words["by_whom"], ", ".join(filter(None, by))
    took = []
    if account.waited_ms is not None:
        took.append(words["waited"].format(seconds=_figure(account.waited_ms / 1000, 1, language)))
        took += [words[f"promise_{account.promise}"]] if account.promise else []
    slowest = sorted(account.stages.items(), key=lambda row: -row[1])[:_MOST_STAGES]
    took += [
        f"{stage(name, language)} {_took(ms, language)}" for name, ms in slowest if ms >= _SHOWN_MS
    ]
    if took:
        yield words["took"], ", ".join(took)
    if account.outcome in ("replied", "handed_off") or spent.calls:
        yield words["money"], _money(account, language)


def _money(account: Account, language: str) -> str:
    words, spent = WORDS[language], account.spent
    if not spent.calls:
        kept = words["from_cache"].format(calls=spent.from_cache)
        return words["free"] + (f", {kept}" if spent.from_cache else "")
    models = f" ({', '.join(spent.models)})" if spent.models else ""
    tokens = spent.prompt_tokens + spent.completion_tokens
    count = f"{tokens:,}".replace(",", "." if language == "pt-BR" else ",")
    known = [f"US$ {_figure(spent.cost, 4, language)}"] if spent.cost or not spent.unpriced else []
    known += [words["unpriced"].format(calls=spent.unpriced)] if spent.unpriced else []
    cost = ", ".join(known)
    return words["cost"].format(calls=spent.calls, tokens=count, cost=cost, models=models)


def _percent(share: float) -> int:
    """Return a share of 1 as people write it; halves go up, as they do in the files."""
    return int((Decimal(str(share)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _took(ms: float, language: str) -> str:
    return f"{ms:.0f} ms" if ms < _A_SECOND else f"{_figure(ms / 1000, 1, language)} s"


def _rung(name: str, end: str, ms: float, language: str) -> str:
    took = f" {_figure(ms / 1000, 1, language)} s" if ms >= _SHOWN_MS else ""
    return f"{RUNGS[language].get(name, name)} ({reason(end, language)}{took})"


def _part(part: PartTold, language: str) -> str:
    words = WORDS[language]
    kind = PARTS[language].get(part.kind, part.kind)
    if part.error == NOT_ALLOWED:
        return f"{kind}: {words['part_not_allowed']}"
    ours = part.state == "failed" and (part.kind == "timer" or part.error == OUTRUN)
    if ours and part.error == OUTRUN:
        return f"{kind}: {words['part_outrun']}"
    # A timer is no call to Chatwoot, so that nobody but we can have refused it
    state = words["part_skipped"] if ours else words.get(f"part_{part.state}", part.state)
    return f"{kind}: {state} ({part.error})" if part.error else f"{kind}: {state}"


def _figure(value: float, digits: int, language: str) -> str:
    """Return a figure as people of this language write it."""
    said = f"{value:.{digits}f}"
    return said.replace(".", ",") if language == "pt-BR" else said


def _name(text: str | None) -> str:
    """Return a name that people gave as one short piece without marks of its own."""
    flat = " ".join((text or "").replace("`", "'").split())
    return flat if len(flat) <= _LONGEST_NAME else f"{flat[: _LONGEST_NAME - 1]}…"


def _clock(at: datetime, language: str, zone: tzinfo) -> str:
    """Return a moment of these days as people of this language write it."""
    pattern = "%d/%m às %H:%M" if language == "pt-BR" else "%Y-%m-%d %H:%M"
    return at.astimezone(zone).strftime(pattern)


def _moment(at: datetime | None, zone: tzinfo) -> str:
    return "?" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
