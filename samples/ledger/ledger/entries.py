"""Reads an export of the bank."""

import csv
from dataclasses import dataclass
from datetime import date
from typing import Iterable, Iterator

from ledger.money import parse_amount


@dataclass(frozen=True)
class Entry:
    day: date
    account: str
    text: str
    cents: int


def read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Lines that begin with # are the bank's remarks."""
    rows = csv.reader(line for line in lines if line.strip() and not line.startswith("#"))
    for day, account, text, amount in rows:
        yield Entry(date.fromisoformat(day), account, text, parse_amount(amount))
