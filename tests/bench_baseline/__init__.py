"""Plain implementations that the figures are compared with."""
