"""Tests that fail in every way, for the test of suite.py."""

import unittest


class Failing(unittest.TestCase):
    def test_ok(self):
        print("printed on stdout")

    def test_fails(self):
        self.fail("as it should")

    def test_error(self):
        raise KeyError("as it should")

    def test_skipped(self):
        self.skipTest("as it should")

    def test_subtest(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertNotEqual(n, 1)

    def test_skipped_part(self):
        with self.subTest("first"):
            self.skipTest("as it should")
        with self.subTest("second"):
            pass


class CannotBeSetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise KeyError("as it should")

    def test_never_run(self):
        pass
