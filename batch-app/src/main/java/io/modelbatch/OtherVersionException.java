package io.modelbatch;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.claim.RunProcess;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables of the job repository are those of another version of this program. */
final class OtherVersionException extends RuntimeException implements Explained {
    private final transient Remedy remedy;

    private OtherVersionException(String message, Remedy remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** A newer version made them, and this one does not know what it would overlook. */
    static OtherVersionException newer(String script, String newest) {
        return new OtherVersionException(
                "The job repository was changed by a newer version of Modelbatch: its newest script is V" + script
                        + ", and this version, " + ProgramVersion.text() + ", knows scripts up to V" + newest
                        + ". Nothing was read or changed. Use the newer version on this machine too; a job repository is not changed back",
                Remedy.CONFIGURE);
    }

    /** An older version made them, and has runs at work. */
    static OtherVersionException atWork(String newest, Map<String, RunProcess> runs) {
        String words = new TreeMap<>(runs)
                .entrySet().stream()
                        .map(run -> run.getKey() + " (process " + run.getValue().processId() + " on "
                                + run.getValue().host() + ", since "
                                + run.getValue().since() + ")")
                        .reduce((one, other) -> one + ", " + other)
                        .orElseThrow();
        return new OtherVersionException(
                "This version of Modelbatch, " + ProgramVersion.text()
                        + ", has to change the job repository first (script V"
                        + newest + "), and that would disturb the runs of an older version: " + words
                        + ". Nothing was changed. Wait until they end, or stop them with the older version; then repeat this command",
                Remedy.WAIT);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(remedy);
    }
}
