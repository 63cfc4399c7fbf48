"""The configuration that the migration generator is given: the writing connection alone, of the settings at hand."""

from models.database import READER, WRITER, database_config
from settings import load

CONFIG = database_config(load())
CONFIG["connections"] = {READER: CONFIG["connections"][WRITER]}
