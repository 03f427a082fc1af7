"""The API for care record systems: tokens, addresses under /api/v1/, and webhooks (docs/api.md)."""
