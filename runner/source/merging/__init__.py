"""Merges one recipe from several texts: extends, --set, environment variables."""
