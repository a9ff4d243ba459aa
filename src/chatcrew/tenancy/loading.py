"""Everything an admin edits becomes one configuration, or one list of all its faults."""

import contextlib
import gc
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from chatcrew.errors import ConfigError, ConfigErrors
from chatcrew.tenancy._faults.fault import Fault, in_order
from chatcrew.tenancy._loader import Loader
from chatcrew.tenancy._reading.files import gather
from chatcrew.tenancy._reading.memory import Memory
from chatcrew.tenancy.lint import Advice, warnings
from chatcrew.tenancy.model import Configuration


@dataclass(frozen=True, slots=True)
class Report:
    """What ``check`` found.

    Attributes:
        faults: everything wrong, by file and line.
        configuration: what was loaded, None where a fault is in the files.
        warnings: what holds, but hardly as it was meant; only where advice was asked for.
    """

    faults: tuple[Fault, ...]
    configuration: Configuration | None
    warnings: tuple[Fault, ...] = ()

    def lines(self, language: str = "en") -> list[str]:
        """Return one line per fault in ``language``: ``en`` or ``pt-BR``."""
        return [fault.render(language) for fault in self.faults]


def load(
    mapping: Path,
    config_dir: Path,
    crews_dir: Path,
    *,
    tools: Collection[str],
    memory: Memory | None = None,
) -> Configuration:
    """Return the configuration that the files say; the same files always say the same.

    Secrets are not read: see ``check``.

    Args:
        mapping: ``chatwoot_mapping.yaml``.
        config_dir: folder that holds ``domains/``.
        crews_dir: folder of crews and functions.
        tools: names of the tools that roles may use.
        memory: what was made of the same files before; one load at a time uses it.

    Raises:
        ConfigErrors: with every fault at once.
    """
    with _undisturbed():
        loader = Loader(gather(mapping, config_dir, crews_dir), tools, memory or Memory())
        configuration = loader.configuration(mapping, config_dir=config_dir, crews_dir=crews_dir)
    if configuration is None:
        faults: list[ConfigError] = [*in_order(loader.faults)]
        raise ConfigErrors(faults)
    return configuration


def check(
    mapping: Path,
    config_dir: Path,
    crews_dir: Path,
    *,
    tools: Collection[str],
    read_secrets: bool = True,
    memory: Memory | None = None,
    advice: Advice | None = None,
) -> Report:
    """Return everything wrong with the files, and with the secrets they refer to.

    Args:
        mapping: ``chatwoot_mapping.yaml``.
        config_dir: folder that holds ``domains/``.
        crews_dir: folder of crews and functions.
        tools: names of the tools that roles may use.
        read_secrets: also see whether each reference leads to something.
        memory: what was made of the same files before; one load at a time uses it.
        advice: also look for what is no fault but a slip; takes longer than loading.
    """
    with _undisturbed():
        loader = Loader(gather(mapping, config_dir, crews_dir), tools, memory or Memory())
        configuration = loader.configuration(mapping, config_dir=config_dir, crews_dir=crews_dir)
    if read_secrets:
        loader.faults.extend(loader.secret_faults())
    advised: list[Fault] = []
    if advice is not None and configuration is not None:
        advised = in_order(warnings(loader, configuration, advice))
    return Report(tuple(in_order(loader.faults)), configuration, tuple(advised))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold the garbage collector back.

    A load makes hundreds of thousands of values that all stay; walking them again and again took
    a third of its time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
