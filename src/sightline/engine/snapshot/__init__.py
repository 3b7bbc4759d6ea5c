"""The snapshot: the record at one moment as Parquet files, with a manifest. Every figure names the snapshot it was computed from."""
