"""Rasa graph components for Chinese: normaliser, tokenizer, topics, facts."""
