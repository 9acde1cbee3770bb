"""Pictures and sounds that reporters choose: checked by content, freed of what was not meant to be told."""
