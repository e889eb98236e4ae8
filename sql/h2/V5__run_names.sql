-- Files of runs carry the job repository's ID in their names from this job instance on: two job repositories that share buckets may
-- start runs of the same name in the same second.
ALTER TABLE MODELBATCH_REPOSITORY ADD COLUMN IF NOT EXISTS NAMED_FROM BIGINT ;

UPDATE MODELBATCH_REPOSITORY SET NAMED_FROM = (SELECT COALESCE(MAX(JOB_INSTANCE_ID), 0) + 1 FROM BATCH_JOB_INSTANCE)
	WHERE NAMED_FROM IS NULL ;
