"""What entries add up to."""

from collections import defaultdict
from typing import Iterable

from ledger.entries import Entry


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """Cents in each account, by its name."""
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.account] += entry.cents
    return dict(sorted(sums.items()))
