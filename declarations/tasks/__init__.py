"""Background work: told to go and look, it finds in the tables what there is to do."""
