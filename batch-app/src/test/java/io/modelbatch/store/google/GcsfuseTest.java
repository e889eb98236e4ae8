package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.Peers.Mount;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GcsfuseTest extends MountedStoreContract {
    @Override
    Mount mount(URI server, String bucket, Path folder) throws Exception {
        return Mount.gcsfuse(server, bucket, folder);
    }

    /** The second mount remembers that there was nothing, so it learns of the first one's object at its close. */
    @Test
    void ofTwoMountsThatWriteANameTheSecondIsRefused() throws Exception {
        ObjectUri uri = ObjectUri.parse("gs://bucket/raced");
        try (Mount second = mountAgain()) {
            ObjectStore other = MountedStore.open("bucket", second.folder());
            assertThat(other.find(uri)).isEmpty();
            store().put(uri, file("ours", "content of the first"));

            assertThatThrownBy(() -> other.put(uri, file("theirs", "content of the other")))
                    .isInstanceOf(ObjectExistsException.class)
                    .hasMessageContaining(uri.toString());

            assertThat(byApi().read(uri)).asString().isEqualTo("content of the first");
        }
    }
}
