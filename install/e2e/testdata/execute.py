"""Runs a notebook from start to end with nbclient, whatever fails in it.

usage: execute.py NOTEBOOK EXECUTED

What is written is fit to be kept: no times, and adjacent output in one piece.
"""

import sys

import nbformat
from nbclient import NotebookClient

source, executed = sys.argv[1:]
notebook = nbformat.read(source, nbformat.NO_CONVERT)
client = NotebookClient(
    notebook, timeout=120, allow_errors=True, record_timing=False, coalesce_streams=True
)
client.execute()
nbformat.write(notebook, executed)
