"""A believable business to look at and to measure: pure seeded generators, and one bulk writer for every size.

`shapes` says how large, `people`, `catalogue` and `timetable` who, what and when, `story` what happened to it all,
`writer` puts it into the database, `make` joins them. The same seed on the same day gives the same data.
"""
