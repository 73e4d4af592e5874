"""Pages of ``recipe explain``; each module lists its codes in ``PAGES``."""
