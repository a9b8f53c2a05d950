"""The help: short articles for who is reading, found by page, by category and by search, and the guide made of them.

An article is a Markdown file in `texts/<language>/<category>/<slug>.md` under a head of plain lines:

    title: Add {a client}
    order: 10
    keywords: new, create, student
    pages: web:clients, web:client_add      (the pages on which it is offered, by the names of their addresses)
    go: web:clients                         (the pages where it is done: links at its end)
    roles: administrator, staff             (who reads it)

In texts, `{client}`, `{clients}`, `{Clients}`, `{a client}` are the business's own words. `{{ page:web:clients }}` links to
a page and `{{ help:add-a-client }}` to an article, both by their titles; there are no other links.
"""
