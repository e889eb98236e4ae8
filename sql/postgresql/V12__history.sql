-- The last run of a job that was complete at a time is found without reading those of all runs.
CREATE INDEX IF NOT EXISTS MODELBATCH_ENDED_EXECUTIONS ON BATCH_JOB_EXECUTION (STATUS, END_TIME) ;

-- Each block of a partition updates its rows here. With room on their page an update touches no index, and leaves nothing for VACUUM.
ALTER TABLE BATCH_STEP_EXECUTION SET (fillfactor = 70) ;
ALTER TABLE BATCH_STEP_EXECUTION_CONTEXT SET (fillfactor = 70) ;
