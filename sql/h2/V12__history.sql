-- The last run of a job that was complete at a time is found without reading those of all runs.
CREATE INDEX IF NOT EXISTS MODELBATCH_ENDED_EXECUTIONS ON BATCH_JOB_EXECUTION (STATUS, END_TIME) ;
