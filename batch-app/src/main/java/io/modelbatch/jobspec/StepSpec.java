package io.modelbatch.jobspec;

/**
 * A step of a job.
 *
 * @param name unique in the job: 1 to 60 of a-z, 0-9 and -
 * @param type {@code extract}, {@code infer}, {@code train}, {@code evaluate}, {@code publish} or {@code load}
 * @param options the option record of that type
 * @param line where the file has it, from 1
 */
public record StepSpec(String name, String type, Record options, int line) {}
