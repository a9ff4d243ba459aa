"""The composition root: the only place that knows concrete classes, and how processes are run."""
