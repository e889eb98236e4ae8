package io.modelbatch.kubernetes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a container image.
 *
 * @param address as it was typed
 * @param kustomization the fields by which kustomize replaces the image {@code modelbatch}
 */
public record ImageName(String address, Map<String, String> kustomization) {
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<name>[a-z0-9][a-zA-Z0-9._-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
                    + "(@(?<digest>sha256:[0-9a-f]{64}))?");

    /**
     * Parses an address.
     *
     * @throws DeploymentException when it is not the address of an image
     */
    public static ImageName parse(String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new DeploymentException("'" + address + "' is not the address of an image, such as"
                    + " europe-west1-docker.pkg.dev/PROJECT/modelbatch/modelbatch:1");
        }
        Map<String, String> kustomization = new LinkedHashMap<>();
        kustomization.put("name", "modelbatch");
        kustomization.put("newName", parts.group("name"));
        if (parts.group("digest") != null) {
            kustomization.put("digest", parts.group("digest"));
        } else if (parts.group("tag") != null) {
            kustomization.put("newTag", parts.group("tag"));
        }
        return new ImageName(address, Collections.unmodifiableMap(kustomization));
    }
}
