"""Measuring Daybook beside its floor: the same rows by one hand-written statement, on the same machine, in the same run.

`business` makes or finds the business of a size, `server` runs a whole Daybook as people would, `load` calls its API
from outside, `reads` and `writes` say what is measured and what its floor is, `table` shows it.
"""
