"""Pages of ``recipe explain``; each module here lists its codes as ``PAGES``."""
