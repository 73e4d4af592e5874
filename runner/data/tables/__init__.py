"""Tables from CSV and Parquet files: columns with types, and rows by position."""
