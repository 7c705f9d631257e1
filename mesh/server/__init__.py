"""Runs an `Agent` as an A2A server."""
