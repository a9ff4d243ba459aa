"""One client per provider, made when it is first asked, with the key its reference leads to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.errors import ConfigError, ModelRefused, ModelUnavailable
from chatcrew.llm._none import NoModel
from chatcrew.llm._openai import OpenAIModel
from chatcrew.llm._port import Model
from chatcrew.messages import ModelAnswer, ModelRequest, SpeechRequest, Transcript
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Provider, Secret, secrets
from chatcrew.tenancy._values.models import DEFAULT_PROVIDER

ReadSecret = Callable[[Secret], Awaitable[bytes]]


async def read_in_thread(secret: Secret) -> bytes:
    """Return a secret's bytes; a file is looked at each time, so that keys rotate.

    Raises:
        ConfigError: the reference leads nowhere.
    """
    return await asyncio.to_thread(secrets.read, secret)


class Providers:
    """The clients of all providers.

    Args:
        default: the client of the environment's endpoint, or None where none is configured.
        catalogue: the providers as the files say it now.
        clock: measures budgets.
        connections: most connections to one provider.
        read_secret: where keys come from.
    """

    def __init__(
        self,
        default: OpenAIModel | None,
        *,
        catalogue: Callable[[], ModelCatalogue],
        clock: Clock,
        connections: int,
        read_secret: ReadSecret = read_in_thread,
    ) -> None:
        self._default = default
        self._catalogue = catalogue
        self._clock = clock
        self._connections = connections
        self._read_secret = read_secret
        # a provider whose address or key has changed gets a new client; calls of the old one end
        self._clients: dict[tuple[Provider, bytes | None], OpenAIModel] = {}

    async def warm(self) -> None:
        """Load the library and make the clients, before anyone waits."""
        if self._default is not None:
            await self._default.warm()
        for label in self._catalogue().providers:
            try:
                client = await self._client(label)
            except ModelRefused:
                continue  # its key leads nowhere; ``config.fault`` says so
            if isinstance(client, OpenAIModel):
                await client.warm()

    async def complete(self, spec: ModelSpec, request: ModelRequest) -> ModelAnswer:
        """Ask the provider of ``spec``, by the name under which it knows the model.

        Raises:
            ModelError: no answer, or no such provider, or its key leads nowhere.
        """
        client = await self._client(spec.provider)
        most = request.max_tokens
        if most is not None and spec.output is not None:
            most = min(most, spec.output)
        return await client.complete(replace(request, model=spec.id, max_tokens=most))

    async def transcribe(self, spec: ModelSpec, request: SpeechRequest) -> Transcript:
        """Have the provider of ``spec`` write a recording down.

        Raises:
            ModelError: no transcript, or no such provider, or its key leads nowhere.
        """
        client = await self._client(spec.provider)
        if not isinstance(client, OpenAIModel):
            raise ModelUnavailable("no model is configured", kind="no_model")
        return await client.transcribe(replace(request, model=spec.id))

    async def aclose(self) -> None:
        """Close every client."""
        if self._default is not None:
            await self._default.aclose()
        for client in self._clients.values():
            await client.aclose()

    async def _client(self, label: str) -> Model:
        if label == DEFAULT_PROVIDER:
            return self._default or NoModel()
        provider = self._catalogue().providers.get(label)
        if provider is None:
            raise ModelUnavailable(f"provider {label!r} is not configured", kind="no_model")
        try:
            key = None if provider.api_key is None else await self._read_secret(provider.api_key)
            client = self._clients.get((provider, key))
            if client is None:
                client = self._clients[provider, key] = OpenAIModel(
                    api_key=None if key is None else key.decode("utf-8", "replace"),
                    base_url=provider.base_url,
                    clock=self._clock,
                    connections=self._connections,
                )
        except ConfigError:
            refused = ModelRefused(
                f"the key of provider {label!r} cannot be read", kind="invalid_api_key"
            )
        else:
            return client
        raise refused


class Named:
    """A ``Model`` of one provider, under the name the configuration gives it."""

    def __init__(self, providers: Providers, spec: ModelSpec) -> None:
        self._providers = providers
        self._spec = spec

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask the provider.

        Raises:
            ModelError: see ``Providers.complete``.
        """
        return await self._providers.complete(self._spec, request)
