package io.modelbatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObjectNameTest {
    private static final String LONG = "a-job-whose-name-has-fifty-two-characters-in-all-of-";

    @Test
    void aShortNameIsTheJobsAndALongOneStaysItsOwn() {
        assertThat(ObjectName.of("predict", "-workers")).isEqualTo("predict-workers");

        String one = ObjectName.of(LONG + "1", "-workers");
        String other = ObjectName.of(LONG + "2", "-workers");

        assertThat(one)
                .hasSizeLessThanOrEqualTo(52)
                .matches("a-job-[a-z0-9-]+-workers")
                .isNotEqualTo(other);
        assertThat(one).doesNotContain("--");
    }
}
