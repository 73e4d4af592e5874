"""Recipe text written back: fixes, formatting, emitted YAML."""
