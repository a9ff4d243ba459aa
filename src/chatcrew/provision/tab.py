"""Finds or makes the dashboard app that shows the tab in an account's conversations."""

import asyncio

from chatcrew.chatwoot.admin import AdminClient, ListedApp
from chatcrew.errors import ChatwootRejected, ChatwootUnavailable
from chatcrew.provision.doing import Doing
from chatcrew.provision.entry import NAMES
from chatcrew.provision.files import KeyFolder
from chatcrew.provision.reading import value_of
from chatcrew.provision.situation import Wish
from chatcrew.tenancy.model import Secret

TITLE = "chatcrew"
"""What the tab is called in Chatwoot."""

_LATER = "?"


class TabBinder:
    """Brings the account's dashboard app to the tab's address.

    Args:
        admin: speaks with an administrator's token.
        wish: what is wanted.
        known: the app's token as the mapping has it, or None.
        keys: where a token of our own lies.
        doing: told of each step.
    """

    def __init__(
        self,
        admin: AdminClient,
        *,
        wish: Wish,
        known: Secret | None,
        keys: KeyFolder,
        doing: Doing,
    ) -> None:
        self._admin = admin
        self._wish = wish
        self._known = known
        self._keys = keys
        self._doing = doing

    async def bind(self) -> str | None:
        """Return the app's token; None where no tab is wished or this Chatwoot has no such apps.

        Raises:
            ChatwootError: Chatwoot did not answer.
            OSError: the disk refuses a file.
        """
        if not self._wish.tab:
            return None
        try:
            apps = await self._admin.apps(self._wish.account_id)
        except ChatwootRejected:
            self._doing.say("no_apps", "warning")
            return None
        token = await self._token()
        url = f"{self._wish.public_url}/tab/{token}"
        ours = next((one for one in apps if self._is_ours(one)), None)
        if ours is None:
            if not self._doing.dry:
                await self._create(url)
            self._doing.say("tab", title=TITLE)
        elif ours.url != url:
            if not self._doing.dry:
                await self._admin.update_app(self._wish.account_id, ours.id, ours.title, url=url)
            self._doing.say("tab_url", title=ours.title, id=ours.id)
        else:
            self._doing.say("tab", "there", title=ours.title)
        return token

    def _is_ours(self, app: ListedApp) -> bool:
        """Return whether an app shows our tab; its token may be another one by now."""
        return (app.url or "").startswith(f"{self._wish.public_url}/tab/")

    async def _token(self) -> str:
        if self._known is not None:
            known = await value_of(self._known)
            if known is not None:
                return known
        there = await asyncio.to_thread(self._keys.read, NAMES["tab"])
        if there is None and not self._doing.dry:
            there = await asyncio.to_thread(self._keys.made, NAMES["tab"])
        return there or _LATER

    async def _create(self, url: str) -> None:
        """Create the app; where the answer is lost it is looked for, lest there be two."""
        account = self._wish.account_id
        try:
            await self._admin.create_app(account, TITLE, url=url)
        except ChatwootUnavailable as error:
            found = await self._admin.apps(account) if error.maybe_done else ()
            if not any(one.url == url for one in found):
                raise
