package io.modelbatch;

import java.io.FilePermission;

/**
 * The main class of the packaged jar. Spring Boot's launcher needs {@link FilePermission}, which parses the name of the working directory
 * when it is initialized, and fails where Java's locale cannot decode that name. The application then executes itself again with another
 * locale.
 */
final class StartJar {
    private static final String FOLDER = "user.dir";
    /** In the packaged jar alone. */
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

    private StartJar() {}

    /** Initializes that class with a name that every locale can decode, and hands over to Spring Boot's launcher. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        String folder = System.getProperty(FOLDER);
        System.setProperty(FOLDER, "/");
        new FilePermission("/", "read");
        System.setProperty(FOLDER, folder);
        Class.forName(LAUNCHER).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }
}
