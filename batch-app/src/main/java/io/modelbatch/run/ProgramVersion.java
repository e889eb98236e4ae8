package io.modelbatch.run;

/** The version of this program, as its jar says it. */
public final class ProgramVersion {
    private ProgramVersion() {}

    /** Its text. */
    public static String text() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
