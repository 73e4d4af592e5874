"""The kinds of changes of images."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Items
from schemas.image_change import Chance, Transform

__all__ = [
    "BY_KIND",
    "Brightness",
    "Contrast",
    "Crop",
    "CutMix",
    "Erase",
    "Fill",
    "Flip",
    "Geometric",
    "Mixing",
    "Mixup",
    "RandAugment",
    "Rotate",
    "Translate",
    "Zoom",
]

Fraction = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(gt=0, lt=1)]
Side = Annotated[int, Field(ge=1, le=16384)]
Fill = Literal["reflect", "nearest", "wrap", "constant"]


class Flip(Transform):
    """Mirrors images."""

    kind: Literal["flip"]
    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"] = "horizontal"
    """Which sides change places: left and right, top and bottom, or each of both by its own draw."""
    probability: Chance = 0.5
    """Fraction of the images that are mirrored."""


class Geometric(Transform):
    """A change of where pixels are. Those that follow each other resample an image once, bilinearly."""

    fill: Fill = "reflect"
    """What fills the area outside the image: its mirror image, its nearest pixel, its opposite side, or zeros."""


class Rotate(Geometric):
    """Turns images about their middle, by an angle that is uniform in −degrees … degrees."""

    kind: Literal["rotate"]
    degrees: Annotated[float, Field(gt=0, le=180)]
    """Largest angle, either way."""


class Translate(Geometric):
    """Moves images, by a distance that is uniform in −share … share of each side."""

    kind: Literal["translate"]
    height: Fraction = 0.0
    """Largest share of the height, up or down."""
    width: Fraction = 0.0
    """Largest share of the width, left or right."""


class Zoom(Geometric):
    """Scales images about their middle, by a factor that is uniform in 1 − factor … 1 + factor; above 1 enlarges."""

    kind: Literal["zoom"]
    factor: Factor
    """Largest change of the scale."""


class Crop(Geometric):
    """Cuts a part out of each image, at a random place.

    The part has the size of the image, which needs ``padding``; or it has ``size``, and is then scaled to the size of
    the image, so that the model sees the same shape in training as otherwise.
    """

    kind: Literal["crop"]
    padding: Annotated[int, Field(ge=0, le=16384)] = 0
    """Pixels added to each side before the crop."""
    size: Annotated[Items[Side], Field(min_length=2, max_length=2)] | None = None
    """Height and width of the part in pixels; by default those of the image."""
    fill: Fill = "constant"
    """What the padding contains: zeros, the image's mirror image, its nearest pixel, or its opposite side."""


class Contrast(Transform):
    """x ← m + f·(x − m) with f uniform in 1 − factor … 1 + factor, and m the mean of each channel of the image.

    Acts on the values as they are stored, before ``scale``; bytes stay in 0 … 255.
    """

    kind: Literal["contrast"]
    factor: Factor
    """Largest change of the contrast."""


class Brightness(Transform):
    """x ← f·x with f uniform in 1 − factor … 1 + factor.

    Acts on the values as they are stored, before ``scale``; bytes stay in 0 … 255.
    """

    kind: Literal["brightness"]
    factor: Factor
    """Largest change of the brightness."""


class Erase(Transform):
    """Covers a random rectangle of each image (random erasing, Zhong et al. 2017)."""

    kind: Literal["erase"]
    area: Annotated[Items[Annotated[float, Field(gt=0, le=1)]], Field(min_length=2, max_length=2)] = (0.02, 0.33)
    """Smallest and largest share of the image; the share is uniform between them."""
    ratio: Annotated[float, Field(gt=0, le=1)] = 0.3
    """Smallest ratio of the sides: height / width is log-uniform in ratio … 1 / ratio. No side exceeds the image."""
    value: float | Literal["mean"] = 0.0
    """Value of the covered pixels, as they are stored; ``mean``: that of each channel of the image."""
    probability: Chance = 0.5
    """Fraction of the images that are changed."""


class RandAugment(Geometric):
    """Some operations on each image, drawn from the fourteen of RandAugment, all of one strength (Cubuk et al. 2019).

    They are identity, shear and translation along each axis, rotation, brightness, color, contrast, sharpness,
    posterize, solarize, autocontrast and equalize. Only for images of bytes that reach from 0 to 255.
    """

    kind: Literal["rand_augment"]
    operations: Annotated[int, Field(ge=1, le=10)] = 2
    """Operations that each image gets, one after another; the same one may be drawn again."""
    magnitude: Annotated[int, Field(ge=0, le=30)] = 9
    """Strength: m = magnitude / 30 is 30°·m of rotation, 0.3·m of shear, 0.45·m of a side, a factor of 1 ± 0.9·m, 4·m
    bits less, or a threshold of 255·(1 − m)."""
    fill: Fill = "constant"
    """What fills the area outside the image: zeros, its mirror image, its nearest pixel, or its opposite side."""


class Mixing(Transform):
    """Keys of what makes one example of two: each with the next one of its batch, and the last one with the first.

    The loss is λ·loss(own label) + (1 − λ)·loss(the other's), as for soft labels. Metrics of training count the label
    with the larger share. Where both kinds are listed, each example draws one of them.
    """

    mixes: ClassVar[bool] = True


class Mixup(Mixing):
    """x ← λ·x + (1 − λ)·x′ with λ from Beta(alpha, alpha) (Zhang et al. 2018)."""

    kind: Literal["mixup"]
    alpha: Annotated[float, Field(ge=0.01, le=100)] = 0.2
    """Shape of the distribution: small values leave most images nearly as they are, 1 is uniform."""


class CutMix(Mixing):
    """Puts a rectangle of the other image into each; λ is the share of its own that is left (Yun et al. 2019)."""

    kind: Literal["cutmix"]
    alpha: Annotated[float, Field(ge=0.01, le=100)] = 1.0
    """The rectangle's share of the image, before it is cut at the image's edges, is 1 − λ with λ from Beta(alpha,
    alpha)."""


BY_KIND: dict[str, type[Transform]] = {
    "flip": Flip,
    "rotate": Rotate,
    "translate": Translate,
    "zoom": Zoom,
    "crop": Crop,
    "contrast": Contrast,
    "brightness": Brightness,
    "erase": Erase,
    "rand_augment": RandAugment,
    "mixup": Mixup,
    "cutmix": CutMix,
}
"""By the word that a recipe writes."""
