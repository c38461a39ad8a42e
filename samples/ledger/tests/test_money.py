import unittest

from ledger.money import format_amount, parse_amount


class MoneyTests(unittest.TestCase):
    def test_reads_whole_and_broken_amounts(self):
        self.assertEqual(245000, parse_amount("2450.00"))
        self.assertEqual(1, parse_amount("0.01"))

    def test_reads_negative_amounts(self):
        self.assertEqual(-6438, parse_amount("-64.38"))

    def test_reads_negative_amounts_below_one(self):
        self.assertEqual(-75, parse_amount("-0.75"))

    def test_refuses_what_is_no_amount(self):
        for text in ("", "12", "1.5", "1,50", "--1.00"):
            with self.assertRaises(ValueError):
                parse_amount(text)

    def test_writes_what_it_reads(self):
        for text in ("0.00", "12.05", "-12.50"):
            self.assertEqual(text, format_amount(parse_amount(text)))
