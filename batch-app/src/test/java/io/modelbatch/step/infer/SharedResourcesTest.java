package io.modelbatch.step.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.step.infer.SharedResources.Share;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedResourcesTest {
    private final List<String> closed = new ArrayList<>();
    private final SharedResources<String, String> resources = new SharedResources<>(closed::add);
    private int opened;

    @Test
    void isOpenedOnceAndClosedByTheLast() throws Exception {
        Share<String> first = acquire("model");
        Share<String> second = acquire("model");

        assertThat(second.value()).isSameAs(first.value());
        first.close();
        assertThat(closed).isEmpty();
        second.close();
        assertThat(closed).containsExactly("model 1");
    }

    @Test
    void isOpenedAgainWhenItWasClosed() throws Exception {
        acquire("model").close();

        assertThat(acquire("model").value()).isEqualTo("model 2");
    }

    @Test
    void aShareThatIsClosedTwiceCountsOnce() throws Exception {
        Share<String> first = acquire("model");
        Share<String> second = acquire("model");

        first.close();
        first.close();

        assertThat(closed).isEmpty();
        second.close();
        assertThat(closed).hasSize(1);
    }

    @Test
    void othersAreOthers() throws Exception {
        Share<String> one = acquire("one");
        acquire("other");

        one.close();

        assertThat(closed).containsExactly("one 1");
    }

    @Test
    void whatFailsToOpenIsTriedAgain() throws Exception {
        assertThatThrownBy(() -> resources.acquire("model", () -> {
                    throw new IOException("disk");
                }))
                .hasMessage("disk");

        assertThat(acquire("model").value()).isEqualTo("model 1");
    }

    private Share<String> acquire(String key) throws IOException {
        return resources.acquire(key, () -> key + " " + ++opened);
    }
}
