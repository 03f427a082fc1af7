"""Profiles on paper: one page for colleagues, and one in plain words for the client."""

from profiles.paper.explanation import Explained, explained
from profiles.paper.rendering import Page, PaperError, render
from profiles.paper.summary import Summary, summary_of

__all__ = ["Explained", "Page", "PaperError", "Summary", "explained", "render", "summary_of"]
