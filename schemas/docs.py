"""Reads the docstrings below fields from the source on demand."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from pydantic import BaseModel


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Texts of a model's fields by their keys in a recipe; fields without a text are left out.

    Inherited fields have the text of the base unless the model has its own; a description stands for a text.
    """
    texts: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        if issubclass(cls, BaseModel) and cls is not BaseModel:
            texts |= _module_docs(cls.__module__).get(cls.__name__, {})
    found = {name: texts.get(name) or field.description for name, field in model.model_fields.items()}
    return {model.model_fields[name].alias or name: text for name, text in found.items() if text}


def classes_below(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """All subclasses that have been imported, at any depth."""
    for model in base.__subclasses__():
        yield model
        yield from classes_below(model)


@cache
def _module_docs(module: str) -> dict[str, dict[str, str]]:
    """Texts of all classes of a module: each string directly below an annotated name."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    return {node.name: _class_docs(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_docs(node: ast.ClassDef) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field, text in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(text):
            texts[field.target.id] = inspect.cleandoc(ast.literal_eval(text.value))  # type: ignore[attr-defined]
    return texts


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
