"""Reading a family out of free Chinese text: words (lexicon), clauses, people (cast), numbers, money, places, and what they add up to."""
