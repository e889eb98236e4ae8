package io.modelbatch.launcher;

import java.io.FilePermission;
import org.springframework.boot.loader.launch.JarLauncher;

/**
 * The main class of the jar. Spring Boot's launcher needs {@link FilePermission}, which parses the name of the working directory when it is
 * initialized, and fails where Java's locale cannot decode that name. The application then executes itself again with another locale.
 */
public final class StartJar {
    private static final String FOLDER = "user.dir";

    private StartJar() {}

    /** Initializes that class with a name that every locale can decode, and hands over to Spring Boot's launcher. */
    public static void main(String[] arguments) throws Exception {
        String folder = System.getProperty(FOLDER);
        System.setProperty(FOLDER, "/");
        new FilePermission("/", "read");
        System.setProperty(FOLDER, folder);
        JarLauncher.main(arguments);
    }
}
