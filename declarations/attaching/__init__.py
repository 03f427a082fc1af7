"""The queue: what becomes of each insured person of a file, worked off in turns, and watched over."""
