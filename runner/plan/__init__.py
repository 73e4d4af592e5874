"""Recipe and dataset metadata become a frozen :class:`~runner.plan.plan.Plan` with nothing left to infer."""
