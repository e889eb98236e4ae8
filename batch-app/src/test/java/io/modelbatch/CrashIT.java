package io.modelbatch;

import java.util.Map;

/** With the job repository that is the default, H2. */
class CrashIT extends CrashContract {
    @Override
    Map<String, String> repository() {
        return Map.of();
    }
}
