package io.modelbatch.launch;

/**
 * Where the report of a run is: paths, or addresses.
 *
 * @param data {@code report.json}, for programs
 * @param page {@code report.html}, for people
 */
public record ReportFiles(String data, String page) {}
