"""The store: columns, relations and the unit of work; no behaviour beyond a row of its own."""
