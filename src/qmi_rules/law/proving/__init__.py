"""Rows as boxes, and what is proved on them: a whole and consistent table, a local one that only tightens."""
