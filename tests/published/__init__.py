"""Published configurations, shortened, on stand-ins for their data."""
