"""All custom code of a recipe but its layers, tried before a run."""

from runner.model.custom_loss import require_loss
from runner.model.custom_metric import require_metrics
from runner.model.own_callback import require_callbacks
from runner.model.own_optimizer import require_optimizer
from runner.plan.plan import Plan


def require_code(plan: Plan) -> None:
    """Try what custom code gives, on shapes or a few made-up examples.

    Raises:
        BuildError: it cannot be imported, fails, or gives something else than it should.
    """
    require_loss(plan)
    require_metrics(plan)
    require_callbacks(plan)
    require_optimizer(plan)
