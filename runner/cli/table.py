"""The table of verbs; listing it imports none of them."""

VERBS = {
    "run": "run:command",
    "resume": "resume:command",
    "launch": "launch:command",
    "validate": "validate:command",
    "plan": "plan:command",
    "lr-find": "lr_find:command",
    "why": "why:command",
    "init": "init:command",
    "fmt": "fmt:command",
    "history": "history:command",
    "runs": "runs:command",
    "compare": "compare:command",
    "diff": "diff:command",
    "replay": "replay:command",
    "report": "report:command",
    "selftest": "selftest:command",
    "doctor": "doctor:command",
    "ls": "gallery:ls",
    "show": "gallery:show",
    "cp": "gallery:cp",
    "schema": "schema:schema",
    "explain": "schema:explain",
}
"""Each verb with its module and function."""
