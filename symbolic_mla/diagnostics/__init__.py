"""What is wrong with a document: for each finding a stable code, a place, what shows it, and edits that mend it."""
