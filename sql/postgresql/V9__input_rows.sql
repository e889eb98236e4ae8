-- The rows that a block was made of, where a row became none or several; null where each became one. The position of a partition is the
-- sum of these rows and of the rejects. A block that became no row has a line with ROW_COUNT 0 and no object.
ALTER TABLE MODELBATCH_SHARD ADD COLUMN IF NOT EXISTS INPUT_ROWS BIGINT ;
