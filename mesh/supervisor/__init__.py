"""`mesh up`: one process per service, forked from one that has already imported what all share."""
