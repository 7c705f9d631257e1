"""What agents that read tables share: columns by role, the words for them, periods, spellings, plain numbers."""
