-- The version of the program that dispatched partitions, and of a worker: a worker executes those of its own version.
ALTER TABLE MODELBATCH_DISPATCH ADD COLUMN IF NOT EXISTS VERSION VARCHAR(100) ;
ALTER TABLE MODELBATCH_WORKER ADD COLUMN IF NOT EXISTS VERSION VARCHAR(100) ;
