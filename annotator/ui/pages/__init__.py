"""The pages that take the place of the article: each is made when it is first asked for."""
