"""Images in folders and tables: facts from their headers, pixels by position."""
