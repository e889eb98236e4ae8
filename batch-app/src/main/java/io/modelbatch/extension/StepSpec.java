package io.modelbatch.extension;

/**
 * A step of a job file.
 *
 * @param name unique in the job: 1 to 60 of a-z, 0-9 and -
 * @param type the key of its {@link StepType}
 * @param options of the class {@link StepType#options()}
 * @param line its line in the file, from 1
 */
public record StepSpec(String name, String type, Record options, int line) {}
