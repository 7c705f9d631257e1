"""Text analytics: what people wrote in a column of a table, and personal data in any of its columns."""
