"""Doors for other programs and for people: the command, HTTP, MCP; each asks the same operations."""
