package io.modelbatch.kubernetes;

import java.util.List;
import java.util.Map;

/** The additions of a kind of cluster to a job. */
interface Overlay {
    /** Its name, and the name of its folder. */
    String name();

    /** More objects by the names of their files. */
    Map<String, Manifest> files();

    /** The changes of the job's objects. */
    List<Patch> patches(List<Template> templates);
}
