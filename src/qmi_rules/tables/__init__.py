"""The law over tables: data frames, SQL, and the pictures of the law."""
