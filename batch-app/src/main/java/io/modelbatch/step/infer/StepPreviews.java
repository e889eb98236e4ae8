package io.modelbatch.step.infer;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.extension.TransformType;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.TextModel;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.step.ExtractQuery;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Queries and models of steps before a run. What several checks ask for is looked at once. */
public final class StepPreviews {
    private final Warehouse warehouse;
    private final ModelRepository models;
    private final StepTypes types;
    private final Cache<StepSpec, Preview> queries =
            CacheBuilder.newBuilder().weakKeys().build();
    private final Cache<StepSpec, SeenModel> seen =
            CacheBuilder.newBuilder().weakKeys().build();

    StepPreviews(Warehouse warehouse, ModelRepository models, StepTypes types) {
        this.warehouse = warehouse;
        this.models = models;
        this.types = types;
    }

    /**
     * The model of an inference.
     *
     * @param words for a person
     * @param answers the columns of the result beside the key; none where the model could only be looked for
     */
    record SeenModel(String words, List<RecordSchema.Field> answers) {}

    /** The query of an extract. */
    public Preview query(JobStep<ExtractOptions> extract) throws Exception {
        return once(queries, extract.step(), () -> warehouse.verify(ExtractQuery.previewed(extract, types)));
    }

    /** The model of an inference: that it is there, is trusted where it is code, and can answer as the step says. */
    SeenModel model(StepSpec infer) throws Exception {
        return once(seen, infer, () -> look((InferOptions) infer.options()));
    }

    private SeenModel look(InferOptions options) throws IOException {
        List<RecordSchema.Field> answers = new ArrayList<>();
        String words = models.verify(
                options.model(),
                Optional.ofNullable(options.trustedSha256()),
                model -> answers.addAll(options.resultColumns(TextModel.verify(
                        model.forTask(options.task()),
                        options.dtype().stated(),
                        options.on(List.of(ComputeDevice.CPU))))));
        return new SeenModel(words, List.copyOf(answers));
    }

    /** The fields of a step's result; empty where query or model are refused, which their own checks say, or not known. */
    public Optional<RecordSchema> result(JobStep<?> job, StepSpec step) throws Exception {
        try {
            Optional<RecordSchema.Field> key = key(job, step);
            if (key.isEmpty()) {
                return Optional.empty();
            }
            if (types.find(step.type()).orElseThrow() instanceof TransformType<?> transform) {
                return Optional.of(schema(transform, step.options(), key.get()));
            }
            List<RecordSchema.Field> answers = model(step).answers();
            return answers.isEmpty() ? Optional.empty() : Optional.of(PinInference.schema(key.get(), answers));
        } catch (RuntimeException | IOException e) {
            return Optional.empty();
        }
    }

    /** The key of the rows that a step works on. */
    private Optional<RecordSchema.Field> key(JobStep<?> job, StepSpec step) throws Exception {
        StepSpec source = types.source(job.steps().subList(0, job.steps().indexOf(step)), step)
                .orElseThrow();
        if (types.result(source).isPresent()) {
            return result(job, source).map(schema -> schema.fields().get(0));
        }
        JobStep<ExtractOptions> extract = job.of(source, ExtractOptions.class);
        return Optional.of(new RecordSchema.Field(
                extract.options().key(), FieldType.of(query(extract).keyType())));
    }

    private static <O extends Record> RecordSchema schema(
            TransformType<O> type, Record options, RecordSchema.Field key) {
        return type.schema(type.options().cast(options), key);
    }

    /** Looks once for each step; a failure is not kept, so it is looked for again. */
    private static <T> T once(Cache<StepSpec, T> cache, StepSpec step, Callable<T> look) throws Exception {
        try {
            return cache.get(step, look);
        } catch (ExecutionException | UncheckedExecutionException e) {
            throw e.getCause() instanceof Exception refusal ? refusal : e;
        }
    }
}
