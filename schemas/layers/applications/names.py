"""The names by which a recipe calls Keras' applications."""

from collections.abc import Mapping

KERAS: Mapping[str, str] = {
    "convnext_tiny": "ConvNeXtTiny",
    "convnext_small": "ConvNeXtSmall",
    "convnext_base": "ConvNeXtBase",
    "convnext_large": "ConvNeXtLarge",
    "convnext_xlarge": "ConvNeXtXLarge",
    **{f"densenet{depth}": f"DenseNet{depth}" for depth in (121, 169, 201)},
    **{f"efficientnet_b{k}": f"EfficientNetB{k}" for k in range(8)},
    **{f"efficientnet_v2_b{k}": f"EfficientNetV2B{k}" for k in range(4)},
    **{f"efficientnet_v2_{size.lower()}": f"EfficientNetV2{size}" for size in "SML"},
    "inception_resnet_v2": "InceptionResNetV2",
    "inception_v3": "InceptionV3",
    "mobilenet": "MobileNet",
    "mobilenet_v2": "MobileNetV2",
    "mobilenet_v3_small": "MobileNetV3Small",
    "mobilenet_v3_large": "MobileNetV3Large",
    "nasnet_mobile": "NASNetMobile",
    "nasnet_large": "NASNetLarge",
    **{f"resnet{depth}": f"ResNet{depth}" for depth in (50, 101, 152)},
    **{f"resnet{depth}_v2": f"ResNet{depth}V2" for depth in (50, 101, 152)},
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "xception": "Xception",
}
"""Functions of ``keras.applications`` by the language's names."""
