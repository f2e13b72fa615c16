"""The pipeline, read for what deserves attention.

``facts`` reads what is known of each open deal, ``rules`` find in it what a person would
want to be told, ``findings`` are what they say, ``recommendations`` keep it.  No model is
asked what there is to find: the same pipeline gives the same findings.
"""
