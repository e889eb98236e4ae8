package io.modelbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectUriTest {
    @Test
    void hasABucketAndAName() {
        ObjectUri uri = ObjectUri.parse("gs://bucket/a/b/");

        assertThat(uri).isEqualTo(new ObjectUri("bucket", "a/b")).hasToString("gs://bucket/a/b");
        assertThat(uri.fileName()).isEqualTo("b");
        assertThat(uri.child("c")).hasToString("gs://bucket/a/b/c");
        assertThat(ObjectUri.parse("gs://bucket").child("c")).hasToString("gs://bucket/c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bucket/a",
                "s3://bucket/a",
                "gs://",
                "gs:///a",
                "gs://Bucket/a",
                "gs://../a",
                "gs://bucket/..",
                "gs://bucket/a/../../b",
                "gs://bucket/./a",
                "gs://bucket//a",
                "gs://bucket/a//b"
            })
    void refusesWhatIsNoneOrLeavesTheBucket(String text) {
        assertThatThrownBy(() -> ObjectUri.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
