"""What was learned, given back and asked about a user's own examples."""
