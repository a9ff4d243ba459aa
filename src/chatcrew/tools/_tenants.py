"""The catalogue of each tenant: ours, those of third parties, and what its own YAML says."""

from collections.abc import Iterable

from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tenancy.model import Tenant, ToolEntry
from chatcrew.tools._catalogue import Catalogue
from chatcrew.tools._outside._http import HttpTool
from chatcrew.tools._outside._reach import Outside
from chatcrew.tools._outside._sql import SqlTool
from chatcrew.tools._outside._woo import shop_tools
from chatcrew.tools._tool import Tool, ToolContext, ToolSettings


class TenantCatalogue(Catalogue):
    """Everybody's tools, and for a tenant with its own a catalogue of both, made when first asked.

    It stays the same until the tenant's own tools change: so what rests after failures rests on,
    and a configuration of 200 tenants costs nothing before somebody writes.

    Args:
        tools: everybody's.
        outside: ways out; None: a tenant's own tools say that nothing outside is called here.
    """

    def __init__(self, tools: Iterable[Tool] = (), *, outside: Outside | None = None) -> None:
        self._everybodys = tuple(tools)
        super().__init__(self._everybodys)
        self._outside = outside
        self._made: dict[str, tuple[object, Catalogue]] = {}

    def of(self, tenant: Tenant) -> Catalogue:
        """Return what a tenant's roles call from."""
        if not tenant.tools:
            return self
        version = (tenant.tools, dict(tenant.databases))
        made = self._made.get(tenant.key)
        if made is None or made[0] != version:
            own = (one for entry in tenant.tools for one in self._own(entry, tenant))
            catalogue = Catalogue((*self._everybodys, *own))
            for entry in tenant.tools:
                if entry.private is not None:
                    catalogue.keep_from(entry.names, but=entry.private)
            made = (version, catalogue)
            self._made[tenant.key] = made
        return made[1]

    def _own(self, entry: ToolEntry, tenant: Tenant) -> Iterable[Tool]:
        if self._outside is None:
            return [_Unreached(entry, name) for name in entry.names]
        if entry.use == "woocommerce":
            return shop_tools(entry, self._outside)
        if entry.use == "sql":
            return [SqlTool(entry, tenant.databases[entry.database], self._outside)]
        return [HttpTool(entry, self._outside)]


class _Unreached:
    """Stands for a tool where nothing outside is called: conversation tests, examples."""

    def __init__(self, entry: ToolEntry, name: str) -> None:
        self.spec = ToolSpec(name, entry.description or name, entry.parameters)
        self.side_effects = entry.acts
        self.settings = ToolSettings(planned=True)

    async def call(self, arguments: object, context: ToolContext) -> ToolResult:
        """Say that it is not reached."""
        del arguments, context
        return ToolResult(ok=False, text=_NOT_HERE)


_NOT_HERE = "Aqui nenhum sistema externo é chamado. (Nothing outside is called here.)"
