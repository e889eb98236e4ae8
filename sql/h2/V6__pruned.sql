-- Runs whose pinned rows and folder were removed, or are being removed: a removal that was interrupted is not COMPLETE, and is repeated.
CREATE TABLE IF NOT EXISTS MODELBATCH_PRUNED (
	JOB_INSTANCE_ID BIGINT NOT NULL PRIMARY KEY,
	SINCE TIMESTAMP WITH TIME ZONE NOT NULL,
	COMPLETE CHAR(1) NOT NULL,
	constraint MODELBATCH_PRUNED_FK foreign key (JOB_INSTANCE_ID)
	references BATCH_JOB_INSTANCE(JOB_INSTANCE_ID)
) ;
