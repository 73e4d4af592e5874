"""Files that are whole whatever happens, and folders that are opened without following a link."""
