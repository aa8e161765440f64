"""How may a French commune buy an innovative solution."""
