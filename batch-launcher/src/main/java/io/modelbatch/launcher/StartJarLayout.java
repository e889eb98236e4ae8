package io.modelbatch.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.springframework.boot.loader.tools.CustomLoaderLayout;
import org.springframework.boot.loader.tools.Layout;
import org.springframework.boot.loader.tools.LayoutFactory;
import org.springframework.boot.loader.tools.Layouts;
import org.springframework.boot.loader.tools.LoaderClassesWriter;

/** Spring Boot's layout of a jar, which {@link StartJar} starts. */
public final class StartJarLayout extends Layouts.Jar implements CustomLoaderLayout, LayoutFactory {
    private static final String CLASS_FILE = StartJar.class.getName().replace('.', '/') + ".class";

    @Override
    public Layout getLayout(File source) {
        return this;
    }

    @Override
    public String getLauncherClassName() {
        return StartJar.class.getName();
    }

    @Override
    public void writeLoadedClasses(LoaderClassesWriter writer) throws IOException {
        writer.writeLoaderClasses();
        try (InputStream classFile =
                Objects.requireNonNull(StartJar.class.getClassLoader()).getResourceAsStream(CLASS_FILE)) {
            writer.writeEntry(CLASS_FILE, Objects.requireNonNull(classFile));
        }
    }
}
