-- The rows that a killed run left, as the program wrote them when the newest script was V10. LOCAL is its folder local.

INSERT INTO BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY) VALUES
	(1, 0, 'predict', 'ddc412914ace44e8a4e5d2f8c8d2a85d') ;

INSERT INTO BATCH_JOB_EXECUTION (JOB_EXECUTION_ID, VERSION, JOB_INSTANCE_ID, CREATE_TIME, START_TIME, END_TIME, STATUS, EXIT_CODE, EXIT_MESSAGE, LAST_UPDATED) VALUES
	(1, 1, 1, TIMESTAMP '2026-01-02 11:02:10.294079065', TIMESTAMP '2026-01-02 11:02:10.50257502', NULL, 'STARTED', 'UNKNOWN', '', TIMESTAMP '2026-01-02 11:02:10.514486919') ;

INSERT INTO BATCH_JOB_EXECUTION_PARAMS (JOB_EXECUTION_ID, PARAMETER_NAME, PARAMETER_TYPE, PARAMETER_VALUE, IDENTIFYING) VALUES
	(1, 'day', 'java.lang.String', '2026-01-01', 'Y'),
	(1, 'modelbatch.sequence', 'java.lang.Long', '1', 'Y') ;

INSERT INTO BATCH_JOB_EXECUTION_CONTEXT (JOB_EXECUTION_ID, SHORT_CONTEXT, SERIALIZED_CONTEXT) VALUES
	(1, '{"modelbatch.process":"{\"host\":\"vm\",\"processId\":19538,\"command\":\"java -jar batch.jar job=predict day=2026-01-01\",\"version\":\"0.1.0-SNAPSHOT\"}","modelbatch.definition":"{\"settings\":{\"steps\":\"extract, infer, load\",\"extract\":\"extract\",\"extract.query\":\"SELECT id, text FROM shop.lines WHERE day <= @day\",\"extract.key\":\"id\",\"extract.partitions\":\"2\",\"infer\":\"infer\",\"infer.model\":\"gs://models/tiny\",\"infer.task\":\"TEXT_CLASSIFICATION\",\"infer.text\":\"text\",\"infer.to\":\"gs://results/2026-01-01\",\"infer.format\":\"PARQUET\",\"infer.aggregation\":\"SIMPLE\",\"infer.long-text\":\"TRUNCATE\",\"infer.dtype\":\"FLOAT32\",\"infer.device\":\"auto\",\"infer.block.rows\":\"5\",\"load\":\"load\",\"load.table\":\"shop.answers\",\"load.mode\":\"REPLACE\",\"modelbatch\":\"0.1.0-SNAPSHOT\"},\"spelled\":{\"infer.task\":\"text-classification\",\"infer.format\":\"parquet\",\"infer.aggregation\":\"simple\",\"infer.long-text\":\"truncate\",\"infer.dtype\":\"float32\",\"load.mode\":\"replace\"},\"description\":null,\"samples\":true,\"accepted\":[]}","modelbatch.claim":"{\"run\":\"job=predict day=2026-01-01\",\"owner\":\"74a8a764-5e9e-4434-b5f6-24e781ec5d93\",\"epoch\":1}","batch.version":"6.0.6"}', NULL) ;

INSERT INTO BATCH_STEP_EXECUTION (STEP_EXECUTION_ID, VERSION, STEP_NAME, JOB_EXECUTION_ID, CREATE_TIME, START_TIME, END_TIME, STATUS, COMMIT_COUNT, READ_COUNT, FILTER_COUNT, WRITE_COUNT, READ_SKIP_COUNT, WRITE_SKIP_COUNT, PROCESS_SKIP_COUNT, ROLLBACK_COUNT, EXIT_CODE, EXIT_MESSAGE, LAST_UPDATED) VALUES
	(1, 4, 'extract', 1, TIMESTAMP '2026-01-02 11:02:10.974314559', TIMESTAMP '2026-01-02 11:02:11.011716361', TIMESTAMP '2026-01-02 11:02:16.020346874', 'COMPLETED', 1, 60, 0, 60, 0, 0, 0, 0, 'COMPLETED', '', TIMESTAMP '2026-01-02 11:02:16.053526422'),
	(2, 1, 'infer', 1, TIMESTAMP '2026-01-02 11:02:16.12996052', TIMESTAMP '2026-01-02 11:02:16.153062059', NULL, 'STARTED', 0, 0, 0, 0, 0, 0, 0, 0, 'EXECUTING', '', TIMESTAMP '2026-01-02 11:02:16.155329688'),
	(3, 2, 'infer:0', 1, TIMESTAMP '2026-01-02 11:02:18.134490525', TIMESTAMP '2026-01-02 11:02:24.029441214', NULL, 'STARTED', 1, 5, 0, 5, 0, 0, 0, 0, 'EXECUTING', '', TIMESTAMP '2026-01-02 11:02:25.784471039'),
	(4, 3, 'infer:1', 1, TIMESTAMP '2026-01-02 11:02:18.191550253', TIMESTAMP '2026-01-02 11:02:24.02985685', NULL, 'STARTED', 2, 10, 0, 10, 0, 0, 0, 0, 'EXECUTING', '', TIMESTAMP '2026-01-02 11:02:25.830721653') ;

INSERT INTO BATCH_STEP_EXECUTION_CONTEXT (STEP_EXECUTION_ID, SHORT_CONTEXT, SERIALIZED_CONTEXT) VALUES
	(1, '{"output":"{\"location\":\"LOCAL/pinned/predict-1-20260102T110210-099f769c-extract\",\"key\":\"id\",\"keyType\":\"int64\",\"columns\":[\"id\",\"text\"],\"rows\":[26,34],\"created\":\"2026-01-02T11:02:15.467178370Z\",\"fingerprint\":\"ac241ab3064077534489929fab723da5bd3c084d22632d72b903c728cf4e80e3\"}","batch.taskletType":"io.modelbatch.step.StepKit$Once","figures":"{\"rows\":60,\"partitions\":2}","figures.type":"Extracted","batch.version":"6.0.6","batch.stepType":"org.springframework.batch.core.step.tasklet.TaskletStep"}', NULL),
	(2, '{"output":"{\"address\":\"gs://models/tiny\",\"fingerprint\":\"072a76727adda35f376281901ff87d6b0c07c5d99e0fa9d7a30b465aa75dfbf6\",\"schema\":{\"fields\":[{\"name\":\"id\",\"type\":\"int64\"},{\"name\":\"label\",\"type\":\"string\"},{\"name\":\"score\",\"type\":\"float64\"}]},\"dtype\":\"float32\",\"redactKey\":null,\"trial\":null}","partitions":"{\"options\":{\"model\":\"gs://models/tiny\",\"trustedSha256\":null,\"task\":\"TEXT_CLASSIFICATION\",\"text\":\"text\",\"textPair\":null,\"maxLength\":null,\"to\":\"gs://results/2026-01-01\",\"format\":\"PARQUET\",\"topK\":null,\"aggregation\":\"SIMPLE\",\"longText\":\"TRUNCATE\",\"redact\":null,\"prompt\":null,\"promptName\":null,\"dtype\":\"FLOAT32\",\"device\":\"auto\",\"rejects\":null,\"block\":{\"rows\":5}},\"input\":{\"pinned\":{\"location\":\"LOCAL/pinned/predict-1-20260102T110210-099f769c-extract\",\"key\":\"id\",\"keyType\":\"int64\",\"columns\":[\"id\",\"text\"],\"rows\":[26,34],\"created\":\"2026-01-02T11:02:15.467178370Z\",\"fingerprint\":\"ac241ab3064077534489929fab723da5bd3c084d22632d72b903c728cf4e80e3\"},\"result\":null},\"model\":{\"address\":\"gs://models/tiny\",\"fingerprint\":\"072a76727adda35f376281901ff87d6b0c07c5d99e0fa9d7a30b465aa75dfbf6\",\"schema\":{\"fields\":[{\"name\":\"id\",\"type\":\"int64\"},{\"name\":\"label\",\"type\":\"string\"},{\"name\":\"score\",\"type\":\"float64\"}]},\"dtype\":\"float32\",\"redactKey\":null,\"trial\":null}}","figures":"{\"used-model\":{\"address\":\"gs://models/tiny\",\"sha256\":\"072a76727adda35f376281901ff87d6b0c07c5d99e0fa9d7a30b465aa75dfbf6\"}}","figures.type":"ModelOpened","SimpleStepExecutionSplitter.GRID_SIZE":["java.lang.Long",2],"batch.version":"6.0.6","batch.stepType":"org.springframework.batch.core.partition.PartitionStep","partitions.type":"PinnedInference"}', NULL),
	(3, '{"output":"{\"tokens\":20,\"paddedTokens\":20,\"batches\":1,\"truncated\":0,\"computing\":0.0182096,\"reading\":0.115444411,\"answering\":0.065381794,\"writing\":0.0,\"answers\":{\"rows\":5,\"labels\":{\"bakery\":4,\"drinks\":1},\"otherLabels\":0,\"numbers\":0,\"scores\":[0,0,0,0,0,0,0,1,3,0,1],\"lengths\":[0,0,0,5]},\"session\":null}","batch.version":"6.0.6","batch.stepType":"org.springframework.batch.core.step.item.ChunkOrientedStep"}', NULL),
	(4, '{"output":"{\"tokens\":40,\"paddedTokens\":40,\"batches\":2,\"truncated\":0,\"computing\":0.027121375,\"reading\":0.117317634,\"answering\":0.06872975499999999,\"writing\":1.513212819,\"answers\":{\"rows\":10,\"labels\":{\"bakery\":2,\"dairy\":6,\"drinks\":2},\"otherLabels\":0,\"numbers\":0,\"scores\":[0,0,0,0,0,0,0,1,2,3,3,0,0,0,1],\"lengths\":[0,0,0,10]},\"session\":null}","batch.version":"6.0.6","batch.stepType":"org.springframework.batch.core.step.item.ChunkOrientedStep"}', NULL) ;

INSERT INTO MODELBATCH_LEASE (RUN_KEY, OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE, EXPIRES, STOP_REQUESTED, EPOCH) VALUES
	('job=predict day=2026-01-01', '74a8a764-5e9e-4434-b5f6-24e781ec5d93', 'vm 9d32ebd3-7f12-413a-b288-aa0d615ce525 pid:[4026531836]', 19538, 1767351726320, TIMESTAMP WITH TIME ZONE '2026-01-02 11:02:09.558708+00', TIMESTAMP WITH TIME ZONE '2026-01-02 11:02:45.770069+00', 'N', 1) ;

INSERT INTO MODELBATCH_CLAIM (TARGET, RUN_KEY, OWNER_ID, SHARED) VALUES
	('gs://results/2026-01-01', 'job=predict day=2026-01-01', '74a8a764-5e9e-4434-b5f6-24e781ec5d93', 'N'),
	('table shop.answers', 'job=predict day=2026-01-01', '74a8a764-5e9e-4434-b5f6-24e781ec5d93', 'N') ;

INSERT INTO MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED, OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C, READ_SESSION, INPUT_ROWS, COMMITTED_AT, TOKENS) VALUES
	(1, 'infer', 1, 0, 'N', 'predict-1-20260102T110210-099f769c-infer-00001-000000-4.parquet', 5, 558, 'c1961035', NULL, NULL, TIMESTAMP WITH TIME ZONE '2026-01-02 11:02:25.694646+00', 20),
	(1, 'infer', 0, 0, 'N', 'predict-1-20260102T110210-099f769c-infer-00000-000000-3.parquet', 5, 542, '8d434635', NULL, NULL, TIMESTAMP WITH TIME ZONE '2026-01-02 11:02:25.736592+00', 20),
	(1, 'infer', 1, 1, 'N', 'predict-1-20260102T110210-099f769c-infer-00001-000001-4.parquet', 5, 539, '0d228aa9', NULL, NULL, TIMESTAMP WITH TIME ZONE '2026-01-02 11:02:25.798057+00', 20) ;

UPDATE MODELBATCH_REPOSITORY SET ID = '099f769c-e290-44c7-acad-376f3c8f5828', NAMED_FROM = 1 ;

ALTER SEQUENCE BATCH_JOB_INSTANCE_SEQ RESTART WITH 2 ;
ALTER SEQUENCE BATCH_JOB_EXECUTION_SEQ RESTART WITH 2 ;
ALTER SEQUENCE BATCH_STEP_EXECUTION_SEQ RESTART WITH 5 ;
