-- When a block was committed, by this database's clock, and the tokens that a model read for it; null where an earlier version committed it.
-- Of a block with two lines, the first one has the tokens.
ALTER TABLE MODELBATCH_SHARD ADD COLUMN IF NOT EXISTS COMMITTED_AT TIMESTAMP WITH TIME ZONE ;
ALTER TABLE MODELBATCH_SHARD ADD COLUMN IF NOT EXISTS TOKENS BIGINT ;
