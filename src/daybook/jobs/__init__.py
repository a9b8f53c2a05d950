"""Background work: a job is a row written in the transaction that made the need, run later by the worker.

*Task*: a function registered under a name. *Job*: one call of it that waits, runs or has failed. Each task may run
more than once without harm. What a job does inside a business is in `daybook.tenancy.background`.
"""
