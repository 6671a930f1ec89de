# Only `unittest.mock` is here: rules ask whether a constant was mocked.
