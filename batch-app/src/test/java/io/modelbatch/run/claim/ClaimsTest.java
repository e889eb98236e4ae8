package io.modelbatch.run.claim;

import io.modelbatch.run.TestRepository;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest extends ClaimsContract {
    @TempDir
    private Path folder;

    @Override
    DataSource repository() {
        return TestRepository.h2(folder);
    }
}
