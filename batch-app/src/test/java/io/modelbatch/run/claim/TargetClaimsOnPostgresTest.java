package io.modelbatch.run.claim;

import io.modelbatch.PostgresServer;
import io.modelbatch.run.TestRepository;
import javax.sql.DataSource;

class TargetClaimsOnPostgresTest extends TargetClaimsContract {
    @Override
    DataSource repository() throws Exception {
        return TestRepository.postgres(PostgresServer.sharedDatabase());
    }
}
