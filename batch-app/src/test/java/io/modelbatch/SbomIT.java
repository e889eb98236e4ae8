package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The software bill of materials in the jar names each library, and a licence under which it may be shipped. */
class SbomIT {
    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** One of these is enough, where a library may be used under several. */
    private static final Set<String> ACCEPTED = Set.of(
            "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "Public Domain", "EPL-2.0", "MPL-2.0");

    @Test
    void everyLibraryIsNamedWithALicence() throws Exception {
        try (JarFile jar = new JarFile(BatchProcess.JAR.toFile())) {
            JarEntry bill = jar.getJarEntry("META-INF/sbom/application.cdx.json");
            assumeThat(bill)
                    .as("a build without network (mvnw -o) makes no software bill of materials")
                    .isNotNull();
            List<JsonNode> components = JsonMapper.shared()
                    .readTree(jar.getInputStream(bill))
                    .path("components")
                    .valueStream()
                    .toList();
            List<String> libraries = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    .map(name -> String.valueOf(Path.of(name).getFileName()))
                    .filter(name -> !name.startsWith("spring-boot-jarmode")) // the packaging adds it
                    .toList();

            assertThat(libraries)
                    .hasSizeGreaterThan(100)
                    .allSatisfy(library -> assertThat(components).anyMatch(component -> isOf(component, library)));
            assertThat(components)
                    .allSatisfy(component -> assertThat(licences(component))
                            .as(component.path("purl").stringValue())
                            .anyMatch(ACCEPTED::contains));
        }
    }

    private static boolean isOf(JsonNode component, String library) {
        return library.startsWith(component.path("name").stringValue() + "-"
                + component.path("version").stringValue());
    }

    private static List<String> licences(JsonNode component) {
        return component
                .path("licenses")
                .valueStream()
                .map(licence -> licence.path("license"))
                .map(licence ->
                        licence.path("id").stringValue(licence.path("name").stringValue("")))
                .toList();
    }
}
