"""Methods of analysis: numbers in, numbers out; no lake, no words, no thresholds of their own."""
