-- Raised whenever another owner takes a run over: a claim with an earlier epoch is lost.
ALTER TABLE MODELBATCH_LEASE ADD COLUMN IF NOT EXISTS EPOCH BIGINT DEFAULT 1 NOT NULL ;
