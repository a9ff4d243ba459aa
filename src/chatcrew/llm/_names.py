"""Which model is meant where nobody names one."""

from chatcrew.tenancy import ModelCatalogue


def fast_model_name(configured: str | None, catalogue: ModelCatalogue, default: str) -> str:
    """Return the name of the model that is asked too when another is slow (N5).

    Args:
        configured: ``CHATCREW_FAST_MODEL``, or None.
        catalogue: its ``fast`` comes next.
        default: ``CHATCREW_MODEL``; a second call to it helps too, where the first one hangs.
    """
    return configured or catalogue.fast or default
