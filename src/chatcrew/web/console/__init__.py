"""The console at ``/console``: what it cost and brought, what waits, who may see it.

How a page is added
-------------------

1. Write a file ``_<page>.py`` with a small class over the ports it needs (``_ports.py``, or another
   package's own port), with one method for each thing that can be asked of it::

       class Costs:
           def __init__(self, figures: Figures) -> None:
               self._figures = figures

           async def show(self, asked: Asked) -> Shown:
               rows = await self._figures.cost(asked.filters…)
               return Shown("cost.html", {"rows": rows})

           def page(self) -> Page:
               return Page("cost", group="figures", icon="coins", show=self.show, words=WORDS)

   ``asked.filters`` is what was chosen above the page: ``tenants`` (already cut down to those that
   this person may see; None: all), ``since`` and ``until`` (UTC, half open) and ``zone``.
   ``Page(filters=())`` shows no filters, ``("tenant",)`` only that one.
2. Give it words, Portuguese and English, in a mapping of its own: ``"cost"`` is its name in the
   navigation and its heading, ``"cost.lead"`` the sentence below it. In templates they are
   ``t["cost.lead"]``; ``asked.words`` has them too. A key that two pages give is a fault.
3. Write ``templates/<page>.html``: it begins with ``{% extends "layout.html" %}``, imports
   ``macros.html`` (``stat``, ``chart``, ``empty``, ``pill``, ``sure``, ``icon``) and fills the
   block ``page``. No inline style, script or handler: the policy forbids them. A chart is a table
   with ``data-value`` in its cells, drawn by ``charts.js`` from that very table (macro ``chart``),
   so that picture and figures cannot differ.
4. Hand the page to ``Console(pages=[…])`` in ``app/console.py``. Where it stands in the navigation
   follows from its group (``figures``, ``operations``, ``businesses``, ``house``) and the order.

What else a page may have: ``detail`` answers ``/console/<page>/<anything>`` (``asked.rest``) and
may return a ``web.StreamResponse`` of its own, such as a CSV file (``download``) or a stream;
``acts`` answers ``POST /console/<page>/<act>`` after login, role, form token and origin were
checked, and returns the key of what is said afterwards (``said.<key>``). Whatever shows a
customer's words or data notes a ``Deed`` first, by ``asked.audited("conversation.viewed", …)``:
what cannot be noted is not shown. A page must answer within 300 ms.

Everything here is sent without login only for ``/console/login`` and ``/console/static``.
"""

from chatcrew.web.console._asking import Act, Asked, Missing, Page, Shown, download
from chatcrew.web.console._compare import ComparePage
from chatcrew.web.console._console import Console
from chatcrew.web.console._cost import CostPage
from chatcrew.web.console._debts import DebtsPage
from chatcrew.web.console._experiments import ExperimentsPage
from chatcrew.web.console._exports import ExportsPage
from chatcrew.web.console._files import load
from chatcrew.web.console._filters import Business, Filters
from chatcrew.web.console._gaps import GapsPage
from chatcrew.web.console._latency import LatencyPage
from chatcrew.web.console._limits import LimitsPage
from chatcrew.web.console._live import LivePage
from chatcrew.web.console._mailbox import MailboxPage
from chatcrew.web.console._moods import MoodsPage
from chatcrew.web.console._overview import OverviewPage
from chatcrew.web.console._ports import (
    Door,
    Ended,
    FilesNow,
    Held,
    Houses,
    Load,
    Now,
    Owed,
    People,
    Quarantine,
    Queue,
    Stuck,
    TenantRow,
    Tenants,
    Waiting,
)
from chatcrew.web.console._quarantine import QuarantinePage
from chatcrew.web.console._talks import TalksPage
from chatcrew.web.console._tenants import TenantsPage
from chatcrew.web.console._users import UsersPage
from chatcrew.web.files import Files

__all__ = [
    "Act",
    "Asked",
    "Business",
    "ComparePage",
    "Console",
    "CostPage",
    "DebtsPage",
    "Door",
    "Ended",
    "ExperimentsPage",
    "ExportsPage",
    "Files",
    "FilesNow",
    "Filters",
    "GapsPage",
    "Held",
    "Houses",
    "LatencyPage",
    "LimitsPage",
    "LivePage",
    "Load",
    "MailboxPage",
    "Missing",
    "MoodsPage",
    "Now",
    "OverviewPage",
    "Owed",
    "Page",
    "People",
    "Quarantine",
    "QuarantinePage",
    "Queue",
    "Shown",
    "Stuck",
    "TalksPage",
    "TenantRow",
    "Tenants",
    "TenantsPage",
    "UsersPage",
    "Waiting",
    "download",
    "load",
]
