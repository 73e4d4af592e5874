"""The table of verbs; nothing of a verb is imported to list it."""

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
    "selftest": "selftest:command",
    "doctor": "doctor:command",
    "ls": "gallery:ls",
    "show": "gallery:show",
    "cp": "gallery:cp",
    "schema": "schema:schema",
    "explain": "schema:explain",
}
"""Every verb, and the module and function that do it."""
