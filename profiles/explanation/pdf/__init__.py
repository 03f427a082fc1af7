"""Profiles on paper: one page for colleagues, and one in plain words for the client."""

from profiles.explanation.pdf.explanation import Explained, explained
from profiles.explanation.pdf.rendering import Page, PaperError, render
from profiles.explanation.pdf.summary import Summary, summary_of

__all__ = ["Explained", "Page", "PaperError", "Summary", "explained", "render", "summary_of"]
