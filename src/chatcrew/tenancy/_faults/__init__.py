"""What is wrong with a file: the fault, its words in two languages, and the way out."""
