package example;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.batch.core.step.Step;

/** {@code mark}: an object that says that the job came here. Its step is a lambda, and a failure is what it throws. */
public final class MarkStepType implements StepType<MarkStepType.Options> {
    public record Options(
            @JsonProperty(required = true) @JsonPropertyDescription("the object") String object,

            @JsonProperty(defaultValue = "true") @JsonPropertyDescription("false fails the step") boolean allowed) {}

    @Override
    public String key() {
        return "mark";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public String description() {
        return "an object that says that the job came here";
    }

    @Override
    public StepFactory<Options> factory(StepServices services) {
        ObjectStore store = services.get(ObjectStore.class);
        return step -> execution -> {
            if (!step.options().allowed()) {
                throw new IllegalStateException("no mark is allowed");
            }
            ObjectUri object = ObjectUri.parse(step.options().object());
            try {
                store.replace(object, step.name().getBytes(StandardCharsets.UTF_8), store.find(object));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            execution.setWriteCount(1);
        };
    }
}
