"""What verbs do, one file a use case: prepare, run, resume, preflight, selftest."""
