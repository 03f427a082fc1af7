"""Separate files: profile records that go by agreement, or late, beside the file of the care."""
