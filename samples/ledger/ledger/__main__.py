"""python3 -m ledger FILE prints the balance of each account."""

import sys

from ledger.balance import balances
from ledger.entries import read_entries
from ledger.money import format_amount


def main(path: str) -> None:
    with open(path, encoding="utf-8", newline="") as lines:
        for account, cents in balances(read_entries(lines)).items():
            print(f"{account:<12} {format_amount(cents):>10}")


if __name__ == "__main__":
    main(sys.argv[1])
