"""NLP Analytics: answers a question about one dataset with one checked, read-only SELECT, or says why it cannot."""
