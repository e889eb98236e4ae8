package io.modelbatch.kubernetes;

/**
 * An object with the template of a pod, for patches.
 *
 * @param patch the name of the file with its patch
 * @param kind of the object
 * @param name of the object
 * @param place of the template in it
 * @param pod the pod
 */
record Template(String patch, String kind, String name, String place, Pod pod) {
    static Template ofCronJob(String patch, String name, Pod pod) {
        return new Template(patch, "CronJob", name, "/spec/jobTemplate/spec/template", pod);
    }

    static Template ofScaledJob(String patch, String name, Pod pod) {
        return new Template(patch, "ScaledJob", name, "/spec/jobTargetRef/template", pod);
    }
}
