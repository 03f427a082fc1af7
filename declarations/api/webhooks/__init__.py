"""Telling a care record system what happened: rows in a table, signed calls, and a check before the first."""
