"""Two laws compared, amendments told, what to look at again, and the kit that other evaluators are held against."""
