"""R420 to R424 and R426 to R428: blocks and their uses."""

from runner.diagnostics.codes import Page

_BLOCK = """
        model:
          kind: sequential
          blocks:
            hidden:
              arguments: {units: null, rate: 0.2}
              layers:
                - {kind: dense, units: $units, activation: relu, dropout: $rate}
          layers:
            - {kind: flatten}
"""


def _used(layer: str) -> str:
    return f"{_BLOCK.rstrip()}\n            - {layer}\n"


_GOOD = _used("{kind: block, block: hidden, arguments: {units: 100}}")

PAGES = [
    Page(
        code="R420",
        title="an unknown block",
        what="A layer of the kind block names a block that model.blocks does not define.",
        why="A block layer is replaced by the layers of the block's definition.",
        bad=_used("{kind: block, block: hiden, arguments: {units: 100}}"),
        good=_GOOD,
    ),
    Page(
        code="R421",
        title="an argument that a block does not have",
        what="The use of a block gives a value for an argument that the block does not declare.",
        why="The value would have no effect; it is probably meant for an argument with another name.",
        bad=_used("{kind: block, block: hidden, arguments: {unit: 100}}"),
        good=_GOOD,
    ),
    Page(
        code="R422",
        title="an argument without a value",
        what="The use of a block gives no value for an argument whose default is null.",
        why="The layers of the block cannot be made without it.",
        bad=_used("{kind: block, block: hidden}"),
        good=_GOOD,
    ),
    Page(
        code="R423",
        title="an argument that is not declared",
        what="A layer of a block has a value such as $units, and the block has no argument units.",
        why="Each use of the block must be able to give the value, or the block must have a default for it.",
        bad="""
        model:
          kind: sequential
          blocks:
            hidden:
              layers: [{kind: dense, units: $units}]
          layers: [{kind: flatten}, {kind: block, block: hidden}]
        """,
        good=_GOOD,
    ),
    Page(
        code="R424",
        title="an argument that no layer takes",
        what="A block declares an argument, and none of its layers has the value $NAME.",
        why="Its value would have no effect.",
        bad="""
        model:
          kind: sequential
          blocks:
            hidden:
              arguments: {units: null, rate: 0.2}
              layers: [{kind: dense, units: $units}]
          layers: [{kind: flatten}, {kind: block, block: hidden, arguments: {units: 100}}]
        """,
        good=_GOOD,
    ),
    Page(
        code="R426",
        title="blocks that stand for too many layers",
        what="With its blocks written out, a model has more than 1,000 layers, or these have more than 50,000 values.",
        why="""A few lines can repeat blocks of blocks millions of times. Such a recipe is refused before its layers are
        made.""",
        bad=_used("{kind: block, block: hidden, arguments: {units: 100}, repeat: 1000}"),
        good=_used("{kind: block, block: hidden, arguments: {units: 100}, repeat: 3}"),
    ),
    Page(
        code="R427",
        title="endlessly nested blocks",
        what="A block uses itself, directly or by other blocks, or blocks are used in one another more than 8 deep.",
        why="The model would never end. Use repeat to repeat layers.",
        bad="""
        model:
          kind: sequential
          blocks:
            hidden:
              layers: [{kind: dense, units: 100}, {kind: block, block: hidden}]
          layers: [{kind: flatten}, {kind: block, block: hidden}]
        """,
        good="""
        model:
          kind: sequential
          blocks:
            hidden:
              layers: [{kind: dense, units: 100}]
          layers: [{kind: flatten}, {kind: block, block: hidden, repeat: 3}]
        """,
    ),
    Page(
        code="R428",
        title="an unused block",
        what="The recipe itself defines a block that no layer names. Blocks of files that it extends may be unused.",
        why="Its layers are no part of the model, and their values are not checked.",
        bad=_BLOCK,
        good=_GOOD,
    ),
]
