"""Amounts as the bank writes them, such as -12.50, and as whole cents."""

import re

_AMOUNT = re.compile(r"(-?\d+)\.(\d\d)")


def parse_amount(text: str) -> int:
    """The amount in cents."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not an amount: {text!r}")
    whole, cents = int(match[1]), int(match[2])
    return whole * 100 - cents if whole < 0 else whole * 100 + cents


def format_amount(cents: int) -> str:
    """The amount as the bank writes it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
