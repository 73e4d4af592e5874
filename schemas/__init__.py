"""The recipe language: pydantic models, one file a concept; nothing here knows how a recipe is run."""
