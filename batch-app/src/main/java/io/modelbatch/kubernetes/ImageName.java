package io.modelbatch.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The address of a container image, as kustomize writes it. */
final class ImageName {
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<name>[a-z0-9][a-zA-Z0-9._-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
                    + "(@(?<digest>sha256:[0-9a-f]{64}))?");

    private ImageName() {}

    /**
     * The image in the place of {@code modelbatch}.
     *
     * @throws DeploymentException when it is not the address of an image
     */
    static Map<String, String> inPlaceOfModelbatch(String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new DeploymentException("'" + address + "' is not the address of an image, such as"
                    + " europe-west1-docker.pkg.dev/PROJECT/modelbatch/modelbatch:1");
        }
        Map<String, String> image = new LinkedHashMap<>();
        image.put("name", "modelbatch");
        image.put("newName", parts.group("name"));
        if (parts.group("digest") != null) {
            image.put("digest", parts.group("digest"));
        } else if (parts.group("tag") != null) {
            image.put("newTag", parts.group("tag"));
        }
        return image;
    }
}
