"""Results of runs as JUnit XML, which systems for continuous integration show as tests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from runner.events import DONE
from runner.text import printable

Results = Sequence[tuple[str, Mapping[str, Any]]]
"""Name of the recipe and result, as :class:`runner.sinks.summary.SummarySink` has it."""


def junit(results: Results) -> bytes:
    """A suite for each run: its first test is the training, and each expectation of the recipe is one more.

    A bound that was missed is a failure, one that was not tested (the fallback trained) is skipped, and a run that did
    not come to its end is an error.
    """
    root = ElementTree.Element("testsuites")
    for name, result in results:
        root.append(_suite(printable(name), result))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, 0)) for suite in root)))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(name: str, result: Mapping[str, Any]) -> ElementTree.Element:
    seconds = (result.get("seconds") or {}).get("total") or 0.0
    cases = [_training(name, result, seconds), *(_bound(name, one) for one in result.get("expectations", ()))]
    suite = ElementTree.Element("testsuite", {"name": name, "time": f"{seconds:.3f}", **_counts(cases)})
    properties = ElementTree.SubElement(suite, "properties")
    for key in ("run_dir", "fingerprint", "device"):
        if result.get(key) is not None:
            ElementTree.SubElement(properties, "property", name=key, value=printable(str(result[key])))
    for metric, value in (result.get("metrics") or {}).items():
        ElementTree.SubElement(properties, "property", name=printable(metric), value=repr(value))
    suite.extend(cases)
    return suite


def _counts(cases: Iterable[ElementTree.Element]) -> dict[str, str]:
    cases = list(cases)
    found = {f"{key}s": sum(case.find(key) is not None for case in cases) for key in ("failure", "error")}
    found |= {"tests": len(cases), "skipped": sum(case.find("skipped") is not None for case in cases)}
    return {key: str(count) for key, count in found.items()}


def _training(name: str, result: Mapping[str, Any], seconds: float) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=name, name="training", time=f"{seconds:.3f}")
    status = str(result["status"])
    if status not in DONE:
        message = f"{status}: {result.get('message') or 'no message'}"
        ElementTree.SubElement(case, "error", message=printable(message), type=status)
    return case


def _bound(name: str, expectation: Mapping[str, Any]) -> ElementTree.Element:
    text = printable(f"{expectation['metric']} {expectation['bound']}")
    case = ElementTree.Element("testcase", classname=name, name=text, time="0")
    if expectation["met"] is None:
        ElementTree.SubElement(case, "skipped", message="not tested")
    elif not expectation["met"]:
        ElementTree.SubElement(case, "failure", message=f"got {expectation['value']}", type="expectation_missed")
    return case
