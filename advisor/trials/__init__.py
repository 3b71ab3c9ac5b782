"""A registered trial as the start of a program: reads a study record of ClinicalTrials.gov into the fields of a profile.

Pure Python: neither Django nor a model. `record` opens a file, `prefill` reads it, `registry` fetches one by its number.
"""
