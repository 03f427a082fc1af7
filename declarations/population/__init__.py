"""Figures over the insured of one insurer."""
