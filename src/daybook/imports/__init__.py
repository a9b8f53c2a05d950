"""Taking in other people's files: layouts, readings, imports and what each of them made.

*Layout*: how one system writes one kind of record. *Item*: one record of a file in our words. *Import*: one file taken
in, with the rows it held and the records it made, so that it can be undone.
"""
