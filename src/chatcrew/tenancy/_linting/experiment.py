"""Advice about experiments: those that compare nothing, and those that are over."""

from collections.abc import Iterator
from datetime import date

from chatcrew.tenancy._domains.tenant import TenantFiles
from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy.model import Tenant


def experiment_warnings(files: TenantFiles, tenant: Tenant, *, today: date) -> Iterator[Fault]:
    """Say that two personas are the same, or that nobody meets them any more."""
    trial = tenant.experiment
    if trial is None:
        return
    at = next((one for one in files.files if one.shape.experiment is not None), files.own)
    one, other = (
        {key: said for key, said in persona.items() if said != getattr(tenant.persona, key)}
        for persona in (trial.personas["a"], trial.personas["b"])
    )
    if one == other:
        yield at.document.fault("trial_of_nothing", ("experiment",), word=trial.name)
    if trial.stop is not None and trial.stop < today:
        path = ("experiment", "stop") if at.shape.experiment and at.shape.experiment.stop else ()
        yield at.document.fault("trial_over", path or ("experiment",), word=str(trial.stop))
