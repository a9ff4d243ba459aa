"""A phone and an operator's inbox in the browser, for trying a bot without Chatwoot."""

from chatcrew.sandbox._desk import SandboxDesk
from chatcrew.sandbox._sandbox import Sandbox
from chatcrew.sandbox._windows import Window
from chatcrew.sandbox.showcase import Showcase

__all__ = ["Sandbox", "SandboxDesk", "Showcase", "Window"]
