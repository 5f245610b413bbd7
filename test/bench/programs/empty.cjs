// Nothing: what is measured is how long Node takes to begin and to end.
