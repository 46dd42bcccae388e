"""The page on which people sign in with a token, and out again."""
