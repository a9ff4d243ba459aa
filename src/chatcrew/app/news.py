"""What an admin is told of the files under a running process: by its log, metrics and health."""

from collections.abc import Sequence

from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy import Fault

_log = get_logger("config")

SHOWN = 5
"""How many faults health shows in words; the log has them all."""


class News:
    """Tells each fault once, until it is mended and comes again.

    Args:
        metrics: ``chatcrew_config_*``.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._faults: Sequence[Fault] = ()
        self._told: frozenset[str] = frozenset()
        self._in_force = True

    def status(self) -> dict[str, object]:
        """Return what ``/health/ready`` shows of the files: faults, and in words what they are."""
        faults = self._faults
        if not faults:
            return {"faults": 0}
        shown = [{"pt-BR": one.render("pt-BR"), "en": one.render("en")} for one in faults[:SHOWN]]
        return {"faults": len(faults), "in_force": self._in_force, "messages": shown}

    def tell(self, faults: Sequence[Fault], *, version: str, kept: bool = False) -> None:
        """Show what is wrong with the files.

        Args:
            faults: all of them.
            version: in force by now.
            kept: whether it stays because of the faults, so that the files are not in force.
        """
        self._faults, self._in_force = faults, not kept
        self._metrics.set("chatcrew_config_faults", len(faults))
        lines = frozenset(str(fault) for fault in faults)
        for fault in faults:
            if str(fault) not in self._told:
                _log.error("config.fault", fault=str(fault), message=fault.render("pt-BR"))
        if kept and lines - self._told:
            self._metrics.count("chatcrew_config_reloads", result="refused")
            said = _kept(faults, version)
            _log.error("config.kept", version=version, faults=len(faults), message=said)
        if self._told and not lines:
            said = (
                f"Arrumado: o que está nos arquivos vale, versão {version} / "
                f"Mended: what the files say is in force, version {version}"
            )
            _log.info("config.mended", version=version, message=said)
        self._told = lines

    def failing(self, faults: Sequence[Fault], *, version: str) -> None:
        """Tell that what is in force fails its conversation tests."""
        said = (
            f"A versão em vigor não passa nos testes de conversa; veja: {way_out(faults)} / "
            f"The version in force fails its conversation tests; see: {way_out(faults)}"
        )
        _log.error("config.failing", version=version, faults=len(faults), message=said)


def _kept(faults: Sequence[Fault], version: str) -> str:
    way = way_out(faults)
    return (
        f"A mudança nos arquivos NÃO vale: {len(faults)} falha(s); segue a versão {version}. "
        f"Veja: {way} / The change of the files is NOT in force: {len(faults)} fault(s); version "
        f"{version} stays. See: {way}"
    )


def way_out(faults: Sequence[Fault]) -> str:
    """Return the command that shows more: the tests of who fails them, else the check."""
    tenants = sorted({str(one.values["tenant"]) for one in faults if _played(one)})
    if tenants and all(_played(one) for one in faults):
        return f"chatcrew test {' '.join(tenants)}"
    return "chatcrew check"


def _played(fault: Fault) -> bool:
    return fault.code == "conversation_failed"
