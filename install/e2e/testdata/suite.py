"""Runs the tests of one module and reports each as a line of JSON.

usage: suite.py FOLDER MODULE

Every line on the original standard output is an object with the test's name,
its outcome (ok, failed or skipped), a text and its seconds. A test that skips
one of its subtests counts as skipped, and what tests print goes to stderr.
"""

import json
import os
import sys
import time
import unittest


class Report(unittest.TestResult):
    def __init__(self, lines):
        super().__init__()
        self.lines = lines
        self.running = None

    def startTest(self, test):
        super().startTest(test)
        self.running, self.outcome, self.texts = test, "ok", []
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self.write(test.id(), self.outcome, self.texts, time.monotonic() - self.began)
        self.running = None

    def write(self, name, outcome, texts, seconds=0):
        line = {"name": name, "outcome": outcome, "text": "\n".join(texts), "seconds": seconds}
        print(json.dumps(line), file=self.lines, flush=True)

    def note(self, test, outcome, text):
        if self.running is None:  # setUpClass, say, or a module that has an error
            self.write(str(test), outcome, [text])
            return
        if self.outcome != "failed":
            self.outcome = outcome
        self.texts.append(text)

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "failed", self._exc_info_to_string(err, test))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed", self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failed", f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped", reason)


def main():
    folder, module = sys.argv[1:]
    sys.path.insert(0, folder)
    lines = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    report = Report(lines)
    unittest.defaultTestLoader.loadTestsFromName(module).run(report)
    sys.exit(not report.wasSuccessful())


if __name__ == "__main__":
    main()
