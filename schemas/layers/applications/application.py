"""An application of Keras as a layer."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.later import is_none
from schemas.layers.applications.published import PublishedFile, published_file
from schemas.layers.applications.sides import output_channels, output_side
from schemas.layers.applications.table import Facts, applications
from schemas.layers.base import LayerBase
from schemas.layers.shape import Misfit, Shape, written

Name = Literal[
    "convnext_tiny",
    "convnext_small",
    "convnext_base",
    "convnext_large",
    "convnext_xlarge",
    "densenet121",
    "densenet169",
    "densenet201",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "efficientnet_b4",
    "efficientnet_b5",
    "efficientnet_b6",
    "efficientnet_b7",
    "efficientnet_v2_b0",
    "efficientnet_v2_b1",
    "efficientnet_v2_b2",
    "efficientnet_v2_b3",
    "efficientnet_v2_s",
    "efficientnet_v2_m",
    "efficientnet_v2_l",
    "inception_resnet_v2",
    "inception_v3",
    "mobilenet",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "nasnet_mobile",
    "nasnet_large",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnet50_v2",
    "resnet101_v2",
    "resnet152_v2",
    "vgg16",
    "vgg19",
    "xception",
]
_OWN = ("alpha", "depth_multiplier", "minimalistic")
"""Arguments that only some applications have."""
_RGB = 3


class Application(LayerBase):
    """A model of ``keras.applications`` without its top, as one layer; the output layer follows as always.

    It takes images with pixels from 0 to 255: the preprocessing that the application wants is a part of the layer. Its
    layers are called ``NAME.LAYER`` with Keras' own names, such as ``base.block_1_expand``; in ``groups`` and
    ``exclude_from_weight_decay`` the name of the layer stands for all of them.
    """

    kind: Literal["application"]
    application: Name
    """Which application, by Keras' name in snake case."""
    alpha: Annotated[float, Field(ge=0.05, le=8)] | None = Field(default=None, exclude_if=is_none)
    """Factor of the number of filters, only for the MobileNets; by default 1."""
    depth_multiplier: Annotated[int, Field(ge=1, le=64)] | None = Field(default=None, exclude_if=is_none)
    """Number of filters per channel in each depthwise convolution, only for ``mobilenet``; by default 1."""
    minimalistic: bool | None = Field(default=None, exclude_if=is_none)
    """Whether to leave out squeeze-and-excitation, hard-swish and 5 x 5 windows, only for ``mobilenet_v3_small`` and
    ``mobilenet_v3_large``; by default false."""
    pooling: Literal["avg", "max"] | None = Field(default=None, exclude_if=is_none)
    """``avg`` or ``max``: pooling over the whole image at the end, so that the output has one axis."""
    preprocessing: bool = True
    """Whether the layer scales pixels from 0 to 255 as the application requires; false: inputs are passed on
    unchanged."""
    weights: Literal["none", "imagenet"] = "none"
    """``none``: fresh weights, from the recipe's seed. ``imagenet``: the weights that Keras publishes, trained on
    ImageNet. Their file is taken from Keras' cache, the folder ``models`` of ``KERAS_HOME`` or of ``~/.keras``; it is
    downloaded only with ``--allow-network``. It fits three channels and the values of ``alpha`` for which Keras has
    weights."""

    not_of_keras: ClassVar[frozenset[str]] = LayerBase.not_of_keras | {
        "application",
        "preprocessing",
        "name",
        "weights",
    }

    @property
    def facts(self) -> Facts:
        """What Keras says of the application."""
        return applications()[self.application]

    def keras_arguments(self) -> dict[str, Any]:
        """Keyword arguments of Keras' function, but for the shape of the input and the weights."""
        inside: Mapping[str, Any] = {}
        if self.facts.optional_preprocessing:
            inside = {"include_preprocessing": self.preprocessing}
        return {"include_top": False, **super().keras_arguments(), **inside}

    def published_file(self, shape: Shape) -> PublishedFile | None:
        """The file of its weights for images of this shape; None: its weights are fresh.

        Raises:
            Misfit: R611, there are no weights for its arguments.
        """
        if self.weights == "none":
            return None
        written = {key: value for key in _OWN if (value := getattr(self, key)) is not None}
        sides = (None, None) if shape is None or len(shape) != 3 else shape[:2]
        return published_file(self.application, {**self.facts.arguments, **written}, sides)

    def output_of_one(self, shape: Shape) -> Shape:
        """The sides divided by about 32 with the application's channels, or the channels alone after ``pooling``."""
        self._require_own_arguments()
        self.published_file(shape)
        channels = output_channels(self.application, self.facts.channels, 1.0 if self.alpha is None else self.alpha)
        if shape is not None:
            self._require_image(shape)
        if self.pooling is not None:
            return (channels,)
        sides = (None, None) if shape is None else shape[:2]
        return (*(None if side is None else output_side(self.application, side) for side in sides), channels)

    def _require_own_arguments(self) -> None:
        for key in _OWN:
            if getattr(self, key) is not None and key not in self.facts.arguments:
                having = [name for name, facts in applications().items() if key in facts.arguments]
                raise Misfit(
                    "R521",
                    key,
                    f"{self.application} has no argument {key}",
                    f"remove it, or take one of {', '.join(having)}",
                )
        if not self.preprocessing and self.facts.mode == "inside" and not self.facts.optional_preprocessing:
            raise Misfit(
                "R521",
                "preprocessing",
                f"preprocessing is a fixed part of {self.application}, which scales pixels from 0 to 255 itself",
                "remove the key, and give it such pixels",
            )

    def _require_image(self, shape: tuple[int | None, ...]) -> None:
        if len(shape) != 3:
            raise Misfit(
                "R156",
                None,
                f"application needs an image: height, width and channels; its input has the shape {written(shape)}",
                "give it the images themselves",
            )
        height, width, channels = shape
        least = self.facts.least
        if any(side is not None and side < least for side in (height, width)):
            raise Misfit(
                "R522",
                "application",
                f"{self.application} needs images of at least {least} x {least} pixels; its input has "
                f"{written((height, width))}",
                f"put `{{kind: resizing, height: {least}, width: {least}}}` before it",
            )
        if self.weights != "none" and channels not in (None, _RGB):
            raise Misfit(
                "R612",
                "weights",
                f"the published weights of {self.application} are for {_RGB} channels; its input has {channels}",
                "`{kind: concatenate, inputs: [input, input, input]}` before it makes three channels of one; or begin "
                "with fresh weights: `weights: none`",
            )
        if self.preprocessing and self.facts.mode in ("caffe", "torch") and channels not in (None, _RGB):
            raise Misfit(
                "R523",
                "application",
                f"the preprocessing of {self.application} is for {_RGB} colours; its input has {channels} channels",
                "`{kind: concatenate, inputs: [input, input, input]}` before it makes colours of greys; or write "
                "`preprocessing: false` and scale the inputs yourself",
            )


BY_KIND: dict[str, type[LayerBase]] = {"application": Application}
