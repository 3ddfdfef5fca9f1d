"""The notebooks of the repository as files."""

import pathlib
import unittest

import nbformat

FOLDER = pathlib.Path(__file__).parents[3] / "notebooks"


class NotebookTests(unittest.TestCase):
    def each(self, check):
        paths = sorted(FOLDER.glob("*.ipynb"))
        self.assertTrue(paths)
        for path in paths:
            with self.subTest(path.name):
                check(path, nbformat.read(path, nbformat.NO_CONVERT))

    def test_valid(self):
        def check(path, notebook):
            self.assertEqual((notebook.nbformat, notebook.nbformat_minor), (4, 5))
            nbformat.validate(notebook)
            self.assertEqual(notebook.metadata.kernelspec.name, "chanbook")
            ids = [cell.id for cell in notebook.cells]
            self.assertEqual(len(ids), len(set(ids)))

        self.each(check)

    def test_saving_changes_nothing(self):
        def check(path, notebook):
            self.assertEqual(nbformat.writes(notebook) + "\n", path.read_text("utf-8"))

        self.each(check)

    def test_outputs_are_of_one_run(self):
        def check(path, notebook):
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            counts = [cell.execution_count for cell in code]
            self.assertEqual(counts, list(range(1, len(code) + 1)))

        self.each(check)

    def test_nothing_of_the_machine(self):
        def check(path, notebook):
            self.assertEqual(set(notebook.metadata), {"kernelspec", "language_info"})
            for cell in notebook.cells:
                self.assertLessEqual(set(cell.metadata), {"chanbook", "nbgrader", "tags"}, cell.id)
                for output in cell.get("outputs", []):
                    for place in ("/home/", "/root/", "/usr/local/", "/Users/", "/tmp/", "/var/folders/"):
                        self.assertNotIn(place, str(output), cell.id)

        self.each(check)
