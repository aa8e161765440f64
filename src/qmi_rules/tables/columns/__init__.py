"""The rows of the table as formulas over columns, which frames and SQL both write in their own words."""
