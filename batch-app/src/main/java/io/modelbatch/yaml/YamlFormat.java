package io.modelbatch.yaml;

/**
 * A kind of YAML file, with its limits.
 *
 * @param file the name for such a file: {@code a job file}
 * @param subject its subject: {@code job}
 * @param mostBytes the largest size
 * @param depth the deepest nesting
 * @param least the keys that the shortest file has
 */
public record YamlFormat(String file, String subject, int mostBytes, int depth, String least) {}
