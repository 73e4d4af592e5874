"""The recipe language as pydantic models, one module per concept; nothing here knows how a recipe is run."""
