"""Can the numbers be trusted: what is missing, what was refused, what does not reconcile."""
