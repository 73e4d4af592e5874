"""Examples made of two: each with the next one of its batch, and the last one with the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from runner.data.augment import image_ops
from runner.data.augment.boxes import centred_boxes
from runner.data.augment.draws import Float64, Places, uniforms
from runner.data.augment.geometry import Frame
from runner.data.augment.timing import Timed
from schemas.image_changes import CutMix, Mixup

_DRAWS = 4


@dataclass(frozen=True)
class Mixture:
    """How much of each example is its own.

    The numbers of an example are s, a rectangle, and λ: its image is s·x + (1 − s)·x′ outside of the rectangle and x′
    inside, and λ is the share of its own label.
    """

    items: Sequence[Timed[Mixup | CutMix]]
    streams: int
    """Transforms of the whole list: the choice among those that mix has a stream behind theirs."""
    frame: Frame
    width: int = 6

    def drawn(self, places: Places) -> Float64:
        """Shape ``(n, 6)``; s = λ = 1 and no rectangle where an example stays as it is."""
        found = np.tile([1.0, 0, 0, 0, 0, 1], (len(places), 1))
        for item, chosen in zip(self.items, self._choice(places), strict=True):
            u = item.numbers(places, _DRAWS)
            acts = chosen & (u[:, 0] < item.transform.probability)
            found = np.where(acts[:, None], self._mixed(item.transform, u), found)
        return found

    def _choice(self, places: Places) -> Any:
        """For each transform, the examples that draw it; among those that have not ended, all are as likely."""
        acting = np.stack([item.acting(places) for item in self.items])
        rank = np.floor(uniforms(places, self.streams, 1)[:, 0] * acting.sum(axis=0))
        return acting & (np.cumsum(acting, axis=0) - 1 == rank)

    def _mixed(self, transform: Mixup | CutMix, u: Float64) -> Float64:
        share = beta_quantile(transform.alpha, u[:, 1])
        if not isinstance(transform, CutMix):
            return np.stack([share, *[np.zeros(len(u))] * 4, share], axis=1)
        boxes = centred_boxes(1 - share, u[:, 2:4], self.frame)
        covered = (boxes[:, 1] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 2])
        own = 1 - covered / (self.frame.height * self.frame.width)
        return np.concatenate([np.ones((len(u), 1)), boxes, own[:, None]], axis=1)

    def applied(self, images: tf.Tensor, others: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
        """Images mixed with those next to them."""
        return image_ops.mixed(images, others, values[:, :1], values[:, 1:5])

    def label_share(self, values: tf.Tensor) -> tf.Tensor:
        """λ of each example, shape ``(b,)``."""
        return values[:, 5]


def beta_quantile(alpha: float, u: Float64) -> Float64:
    """The number below which Beta(alpha, alpha) lies with probability u: one draw makes one λ."""
    from scipy.special import betaincinv  # only recipes that mix need it

    found: Float64 = betaincinv(alpha, alpha, u)
    return found
