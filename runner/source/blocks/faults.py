"""What is said about blocks and their uses."""

from collections.abc import Iterable

from runner.diagnostics import Diagnostic
from runner.diagnostics.visible import quoted
from runner.source.checking.complaints import Remarks, complain, did_you_mean
from runner.source.yaml.nodes import Node, Scalar

MAX_LAYERS = 1000
"""Maximum number of layers of a model, those of its blocks included."""
MAX_OPEN = 8
"""Maximum number of blocks that are used in one another."""


def line_of(node: Node) -> str:
    """File and line of a node, as notes give them."""
    return f"{node.span.file}:{node.span.line}"


def unknown_block(node: Node, name: str, blocks: Iterable[str]) -> Diagnostic:
    """R420: a layer names a block that the model does not define."""
    known = list(blocks)
    there = f"there are {', '.join(known)}" if known else "define it under `model.blocks`"
    return complain("R420", f"no block is called {quoted(name)}", node, did_you_mean(name, known, there))


def unknown_argument(node: Node, name: str, block: str, arguments: Iterable[str], absent: Iterable[str]) -> Diagnostic:
    """R421: a use gives a value for an argument that the block does not have; it may mean one that is absent."""
    known = list(arguments)
    there = f"its arguments are {', '.join(known)}" if known else "it has no arguments"
    message = f"block '{block}' has no argument {quoted(name)}"
    return complain("R421", message, node, did_you_mean(name, absent, there))


def missing_argument(node: Node, name: str, block: str) -> Diagnostic:
    """R422: a use gives no value for an argument without a default."""
    help = f"write `arguments: {{{name}: …}}`, or give it a default in the block"
    return complain("R422", f"block '{block}' needs a value of its argument '{name}'", node, Remarks(help=help))


def undeclared(node: Node, name: str, block: str, arguments: Iterable[str]) -> Diagnostic:
    """R423: a layer of a block names an argument that the block does not declare."""
    known = list(arguments)
    help = f"declare it: `arguments: {{{', '.join([*known, name])}}}`"
    found = did_you_mean(name, known, help)
    remarks = Remarks(found.label.replace(f"'{found.fix}'", f"'${found.fix}'"), help, found.fix and f"${found.fix}")
    return complain("R423", f"block '{block}' has no argument {quoted(name)}", node, remarks)


def unused_argument(key: Scalar, block: str) -> Diagnostic:
    """R424: no layer of a block takes one of its arguments."""
    message = f"no layer of block '{block}' takes its argument '{key.value}'"
    return _warning("R424", message, key, f"write `${key.value}` where a layer takes it, or remove it")


def too_large(node: Node, what: str) -> Diagnostic:
    """R426: the layers that blocks stand for are too many."""
    return complain("R426", f"blocks may expand to at most {what}", node, Remarks(help="lower `repeat`"))


def endless(node: Node, name: str, open: tuple[str, ...]) -> Diagnostic:
    """R427: a block uses itself."""
    chain = " → ".join([*open[open.index(name) :], name])
    return complain(
        "R427", f"block '{name}' uses itself: {chain}", node, Remarks(help="use `repeat`, or another block")
    )


def too_deep(node: Node) -> Diagnostic:
    """R427: too many blocks are used in one another."""
    message = f"blocks may be used in one another at most {MAX_OPEN} deep"
    return complain("R427", message, node, Remarks(help="write some of their layers out"))


def unused_block(key: Scalar) -> Diagnostic:
    """R428: no layer uses a block."""
    help = f"use it by `{{kind: block, block: {key.value}}}`, or remove it"
    return _warning("R428", f"no layer uses block '{key.value}'", key, help)


def unknown_input(node: Node, name: str, visible: list[str], block: str | None) -> Diagnostic:
    """R181: a layer in a block takes what nothing before it is called."""
    where = f"in block '{block}' no layer" if block is not None else "no layer"
    there = f"names before it are {', '.join(visible)}"
    return complain(
        "R181", f"{where} before this one is called {quoted(name)}", node, did_you_mean(name, visible, there)
    )


def several_inputs(node: Node, kind: str, number: int) -> Diagnostic:
    """R182: a composite takes one input."""
    help = Remarks(help="join them first, by add or concatenate")
    return complain("R182", f"{kind} takes one input; received {number}", node, help)


def input_in_sequence(node: Node) -> Diagnostic:
    """R180: a layer of a sequential model names its inputs."""
    message = "layers of a sequential model take the one before them; received inputs"
    help = "write `kind: functional` for the model, or remove `inputs`"
    return complain("R180", message, node, Remarks(help=help))


def taken_name(node: Node, name: str) -> Diagnostic:
    """R150: two layers of one list have one name."""
    message = f"layer names must be distinct; received '{name}' twice"
    return complain("R150", message, node, Remarks(help="give one of them another name, or none"))


def reserved_name(node: Node, name: str) -> Diagnostic:
    """R151: a layer has the name of one of the model's two ends."""
    message = f"a layer cannot be called '{name}': the model's own {name} has that name"
    return complain("R151", message, node, Remarks(help="give it another name, or none"))


def _warning(code: str, message: str, node: Node, help: str) -> Diagnostic:
    span = node.span
    excerpt = node.source.line(span.line)
    return Diagnostic(code=code, message=message, severity="warning", span=span, excerpt=excerpt, help=(help,))
