"""Recipes with blocks that break one rule each; the place of the finding is «marked»."""

from tests.source.bad_recipes import Case
from tests.source.samples import small


def blocks(definitions: str, *layers: str, kind: str = "sequential", **parts: str) -> str:
    """A recipe with blocks and layers."""
    listed = "".join(f"\n    - {layer}" for layer in layers)
    model = f"model:\n  kind: {kind}\n  blocks:\n    {definitions}\n  layers:{listed}"
    data = "data: {source: builtin, name: digits, scale: 1/16}"
    return small(
        model=model, **{"data": data, "training": "training: {epochs: 12}", "seed": "optimizer: {kind: sgd}", **parts}
    )


FLAT = "{kind: flatten}"
HIDDEN = "hidden: {arguments: {units: , rate: 0.2}, layers: [{kind: dense, units: $units, dropout: $rate}]}"


def use(inner: str) -> str:
    """A use of the block ``hidden``."""
    return f"{{kind: block, block: hidden, {inner}}}"


NINE = "\n    ".join(f"b{k}: {{layers: [{{kind: block, block: b{k + 1}}}]}}" for k in range(8))

BLOCKS = [
    Case("R420", blocks(HIDDEN, FLAT, use("arguments: {units: 9}"), "{kind: block, block: «hiden»}"), "hidden"),
    Case("R421", blocks(HIDDEN, FLAT, use("arguments: {«unit»: 8}")), "units"),
    Case(
        "R421",
        blocks("hidden: {layers: [{kind: dense, units: 9}]}", FLAT, use("arguments: {«zzz»: 8}")),
        says="it has no",
    ),
    Case("R422", blocks(HIDDEN, FLAT, "{kind: block, block: «hidden»}"), says="needs a value of its argument 'units'"),
    Case(
        "R423",
        blocks(
            HIDDEN.replace("units: $units", "units: «$unit»").replace("$rate", "$rate, name: $units"),
            FLAT,
            use("arguments: {units: a}"),
        ),
        "$units",
    ),
    Case("R424", blocks(HIDDEN.replace("rate: 0.2", "«size»: 2, rate: 0.2"), FLAT, use("arguments: {units: 9}"))),
    Case("R426", blocks(HIDDEN, FLAT, use("arguments: {units: 9}, repeat: «1000»")), says="1,000 layers in all"),
    Case(
        "R427",
        blocks(
            "a: {layers: [{kind: block, block: b}]}\n    b: {layers: [{kind: block, block: «a»}]}",
            FLAT,
            "{kind: block, block: a}",
        ),
        says="a → b → a",
    ),
    Case(
        "R427",
        blocks(
            f"{NINE.replace('block: b8', 'block: «b8»')}\n    b8: {{layers: [{{kind: dense, units: 9}}]}}",
            FLAT,
            "{kind: block, block: b0}",
        ),
        says="8 deep",
    ),
    Case("R428", blocks(f"«hidden»{HIDDEN.removeprefix('hidden')}", FLAT)),
    # faults of layers, with the use of the block in a note
    Case(
        "R181",
        blocks(
            "hidden: {layers: [{kind: dense, units: 9, inputs: [«stem»]}]}",
            "{kind: flatten, name: stem}",
            "{kind: block, block: hidden}",
        ),
        says="in block 'hidden' no layer",
    ),
    Case(
        "R153",
        blocks(
            "hidden: {layers: [{kind: conv2d, filters: 4, kernel_size: 3, strides: 2, dilation_rate: «2»}]}",
            "{kind: block, block: hidden}",
            FLAT,
        ),
        says="in block 'hidden', used at r.yaml:10",
    ),
    Case(
        "R155",
        blocks(
            "hidden: {arguments: {n: }, layers: [{kind: max_pooling2d, pool_size: $n}]}",
            use("arguments: {n: 4}"),
            use("arguments: {n: «4»}"),
            FLAT,
        ),
        says="the argument 'n' of block 'hidden', taken at r.yaml:8; in block 'hidden', used at r.yaml:11",
    ),
    Case(
        "R425",
        blocks(
            "hidden: {layers: [{kind: «residual», layers: [{kind: dense, units: 9}]}]}",
            FLAT,
            "{kind: block, block: hidden}",
        ),
        says="64 and 9",
    ),
    Case(
        "R425",
        blocks(
            HIDDEN,
            "{kind: conv2d, filters: 1, kernel_size: 1}",
            "{kind: «residual», layers: [{kind: conv2d, filters: 8, kernel_size: 1}]}",
            FLAT,
            use("arguments: {units: 9}"),
        ),
        says="`shortcut`",
    ),
    Case(
        "R180",
        blocks(HIDDEN, FLAT, "{kind: block, block: hidden, arguments: {units: 9}, inputs: «[input]»}"),
        says="kind: functional",
    ),
    Case(
        "R182",
        blocks(
            HIDDEN,
            "{kind: flatten, name: a}",
            "{kind: block, block: hidden, arguments: {units: 9}, inputs: «[a, a]»}",
            kind="functional",
        ),
        says="received 2",
    ),
    Case("R150", blocks(HIDDEN, "{kind: flatten, name: a}", use("arguments: {units: 9}, name: «a»")), says="'a' twice"),
    Case("R151", blocks(HIDDEN, FLAT, use("arguments: {units: 9}, name: «output»")), says="cannot be called"),
]

SHAPES = [
    Case(
        "R012",
        blocks(
            "hidden: {layers: [{kind: dense, units: 9, «droput»: 0.1}]}",
            FLAT,
            "{kind: block, block: hidden, repeat: 3}",
        ),
        "dropout",
        "in block 'hidden', used at r.yaml:11; and in 2 more layers",
    ),
    Case("R013", blocks(HIDDEN, FLAT, use("arguments: {units: «many»}")), says="'hidden', taken at r.yaml:8"),
    Case(
        "R010",
        blocks(HIDDEN, FLAT, use("arguments: {units: 9}"), "{kind: residual, layers: [«{»kind: dense}]}"),
        says="'units'",
    ),
    Case("R012", blocks(HIDDEN, FLAT, use("arguments: {units: 9}, «repeats»: 2")), "repeat"),
    Case("R014", blocks("hidden: {layers: «[]»}", FLAT, "{kind: block, block: hidden}"), says="1 to 1,000"),
    Case(
        "R012", blocks("hidden: {«args»: {}, layers: [{kind: dense, units: 9}]}", FLAT, "{kind: block, block: hidden}")
    ),
    Case(
        "R014",
        blocks(HIDDEN, FLAT, use("arguments: {units: 9}"), "{kind: parallel, branches: «[[]]»}"),
        says="2 to 100",
    ),
    Case(
        "R011",
        blocks(HIDDEN, FLAT, use("arguments: {units: 9}"), "{kind: parallel, branches: [[], []], merge: «concat»}"),
        says="concatenate",
    ),
]
"""The same of the forms of blocks and of the layers in them."""
