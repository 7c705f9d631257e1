"""Data ingestion: a file of any usual format becomes a typed dataset and a report that accounts for every row."""
