-- One row, which names this job repository. Whoever looks at the claims locks it first.
CREATE TABLE IF NOT EXISTS MODELBATCH_REPOSITORY (
	ID VARCHAR(36) NOT NULL PRIMARY KEY
) ;

INSERT INTO MODELBATCH_REPOSITORY (ID)
	SELECT md5(random()::text || clock_timestamp()::text) WHERE NOT EXISTS (SELECT 1 FROM MODELBATCH_REPOSITORY) ;

-- What a run writes: folders of results and tables. A claim counts as long as the lease of its run. Runs that only add to a table
-- share it.
CREATE TABLE IF NOT EXISTS MODELBATCH_CLAIM (
	TARGET VARCHAR(1200) NOT NULL,
	RUN_KEY VARCHAR(200) NOT NULL,
	OWNER_ID VARCHAR(36) NOT NULL,
	SHARED CHAR(1) NOT NULL,
	constraint MODELBATCH_CLAIM_PK primary key (TARGET, RUN_KEY)
) ;
