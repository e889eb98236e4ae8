package io.modelbatch;

import java.nio.file.Path;
import java.util.Map;

/** With the job repository that is the default, H2. */
class CrashIT extends CrashContract {
    @Override
    Shop shop(Path folder) {
        return new LocalShop(folder, Map.of());
    }
}
