"""The work behind the verbs, one module per use case: prepare, run, resume, preflight, selftest."""
