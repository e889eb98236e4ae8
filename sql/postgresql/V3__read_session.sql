-- The read session of the warehouse whose order a partition's position counts in; null where the order is always the same.
ALTER TABLE MODELBATCH_SHARD ADD COLUMN IF NOT EXISTS READ_SESSION VARCHAR(1000) ;
