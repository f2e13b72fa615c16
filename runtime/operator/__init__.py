"""The operator's room: what a person at a terminal asks of the whole product.

``runtime/__main__.py`` lists the commands; each file here carries one of them out.
The wings are started as processes of their own and never imported.
"""
