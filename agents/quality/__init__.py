"""Data quality: what is missing, repeated, implausible or inconsistent in a dataset, with evidence; data is never changed."""
