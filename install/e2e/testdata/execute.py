"""Runs a notebook from start to end with nbclient, whatever fails in it.

usage: execute.py NOTEBOOK EXECUTED

What is written is fit to be kept: no times, and adjacent output in one piece.
"""

import sys

import nbformat
from nbclient import NotebookClient



def joined(outputs):
    """Joins pieces of a stream that arrived one after the other. (The option of
    NotebookClient that does this changes their order.)"""
    result = []
    for output in outputs:
        last = result[-1] if result else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            result.append(output)
    return result


source, executed = sys.argv[1:]
notebook = nbformat.read(source, nbformat.NO_CONVERT)
NotebookClient(notebook, timeout=120, allow_errors=True, record_timing=False).execute()
for cell in notebook.cells:
    if cell.cell_type == "code":
        cell.outputs = joined(cell.outputs)
        cell.metadata.pop("execution", None)  # times of an earlier run
nbformat.write(notebook, executed)
