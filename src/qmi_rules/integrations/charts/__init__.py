"""Pictures with matplotlib (extra ``charts``): the law over time, the partition, the calendar, the funding, the rubrics."""
