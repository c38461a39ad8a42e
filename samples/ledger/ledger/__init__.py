"""Entries of a bank account, and what they add up to."""
