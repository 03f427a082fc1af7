"""Do nurses judge alike: ratings of one client by several people, and what they tell of the questions."""
