"""A website of the registry: pages, feeds and search as files."""
