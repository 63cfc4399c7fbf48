"""The desk (管局): the regulator's messages and the ways to reach it; knows nothing of our records."""
