"""The registry of codes."""

import re
import subprocess
import sys

import pytest

from runner.diagnostics import explain, registry

OWN = [code for code in registry() if code < "R100"]


def test_codes_have_one_form_and_order() -> None:
    assert all(re.fullmatch(r"R[0-9]{3}", code) for code in registry())
    assert list(registry()) == sorted(registry())


def test_the_number_that_the_design_fixes() -> None:
    assert registry()["R012"].title == "an unknown key"


@pytest.mark.parametrize("code", OWN)
def test_every_page_is_whole(code: str) -> None:
    page = registry()[code]
    text = explain(code)
    assert text is not None
    assert text.startswith(f"{code}: {page.title}\n\n")
    assert "\nWrong:\n\n    " in text
    assert "\nRight:\n\n    " in text
    assert text.endswith("\n")
    assert page.what.rstrip().endswith(".")
    assert page.why.rstrip().endswith(".")


def test_codes_are_found_however_they_are_written() -> None:
    assert explain(" r012 ") == explain("R012")
    assert explain("R999") is None


def test_a_page_to_the_character() -> None:
    assert explain("R007") == (
        "R007: a duplicate key\n\n"
        "A mapping has the same key twice.\n\n"
        "Programs disagree about which of the values counts.\n\n"
        "Wrong:\n\n    training: {epochs: 10, epochs: 20}\n\n"
        "Right:\n\n    training: {epochs: 20}\n"
    )


def test_diagnostics_import_neither_rich_nor_pydantic() -> None:
    code = (
        "import sys, runner.diagnostics; print(sorted({'rich', 'pydantic', 'ruamel', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
