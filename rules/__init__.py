"""The law (规则): what a filing must satisfy, as pure functions over plain data, with codes and provincial rules as files."""
