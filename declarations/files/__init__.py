"""Files that come in: sent, checked, stored, and read back record by record."""
