package io.modelbatch.cli;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/** The value of {@code spring.datasource.url}, which may hold secrets. */
record RepositoryUrl(String text) {
    private static final Pattern ACCOUNT = Pattern.compile("(?<=//)[^/?;]*@");
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?;&])([^=;&]*=?)([^;&]+)");
    /** Of the parameters of drivers; sslkey is a file. */
    private static final Pattern SECRET =
            Pattern.compile("passw|pwd|secret|token|credential|(?<!ssl)key=$", Pattern.CASE_INSENSITIVE);

    private static final String KINDS = "It is jdbc:postgresql://HOST:PORT/DATABASE, or jdbc:h2:file:PATH";

    /** Without what may be secret: an account before the host, and all parameters. */
    String withoutSecrets() {
        return ACCOUNT.matcher(text.split("[?;]", 2)[0]).replaceAll("***@");
    }

    /** As it is typed, with nothing but secrets hidden: the account before the host, and parameters such as a password. */
    String withSecretsHidden() {
        String[] halves = text.split("(?=[?;])", 2);
        String parameters = halves.length == 1
                ? ""
                : PARAMETER.matcher(halves[1]).replaceAll(found -> isSecret(found) ? "$1***" : "$0");
        return ACCOUNT.matcher(halves[0]).replaceAll("***@") + parameters;
    }

    /** True for parameters that may hold a secret: those without a name, or with an encoded one, may be anything. */
    private static boolean isSecret(MatchResult parameter) {
        String name = parameter.group(1);
        return !name.endsWith("=") || name.contains("%") || SECRET.matcher(name).find();
    }

    /** The reason why no driver can read it. A value that Spring puts together is left to Spring. */
    Optional<String> problem() {
        String problem = "spring.datasource.url " + withoutSecrets();
        if (text.contains("${")) {
            return Optional.empty();
        }
        if (text.startsWith("jdbc:postgresql:") && ACCOUNT.matcher(text).find()) {
            return Optional.of(
                    problem + " names an account before the host, which PostgreSQL's driver does not read. Set"
                            + " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD instead");
        }
        return isReadable() ? Optional.empty() : Optional.of(problem + " is not the URL of a job repository. " + KINDS);
    }

    /** Asks the drivers themselves: their manager would make all others too. */
    private boolean isReadable() {
        return text.startsWith("jdbc:h2:") || new Driver().acceptsURL(text);
    }
}
