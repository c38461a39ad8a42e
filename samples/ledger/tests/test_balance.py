import pathlib
import unittest

from ledger.balance import balances
from ledger.entries import read_entries

MARCH = pathlib.Path(__file__).parent.parent / "data" / "march.csv"


class BalanceTests(unittest.TestCase):
    def test_adds_up_each_account(self):
        lines = ["2025-01-01,a,one,1.00", "2025-01-02,b,two,2.00", "2025-01-03,a,three,-0.50"]
        self.assertEqual({"a": 50, "b": 200}, balances(read_entries(lines)))

    def test_march_is_what_the_statement_says(self):
        with MARCH.open(encoding="utf-8", newline="") as lines:
            self.assertEqual({"checking": 110487, "savings": 30092}, balances(read_entries(lines)))
