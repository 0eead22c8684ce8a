"""Workbooks in and out: the forgiving reader and the writer."""
