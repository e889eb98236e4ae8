package io.modelbatch.step.rows;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.result.Shard;
import io.modelbatch.step.StepKit;
import io.modelbatch.warehouse.PinnedInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.batch.core.step.StepExecution;

/** The step whose rows another step of its job works on. */
public sealed interface RowSource permits RowSource.OfExtract, RowSource.OfResult {
    /** The rows, as the job repository has them. */
    StepInput input(StepExecution reader);

    /**
     * The rows, for a step that is about to begin.
     *
     * @throws IOException when they are missing or damaged
     */
    StepInput verified(StepExecution reader) throws IOException;

    /** The source of a step. */
    static RowSource of(JobStep<?> step, RowServices services) {
        return of(step, step.step(), services);
    }

    /** The source of a step of the same job. */
    static RowSource of(JobStep<?> job, StepSpec step, RowServices services) {
        List<StepSpec> before = job.steps().subList(0, job.steps().indexOf(step));
        StepSpec source = services.types()
                .source(before, step)
                .orElseThrow(() -> new IllegalStateException("Step " + step.name() + " has no rows to work on"));
        return services.types().result(source).isPresent()
                ? new OfResult(CommittedResult.of(source, job, services))
                : new OfExtract(services.kit(), source.name());
    }

    /** An {@code extract}. A partition is verified when it is opened. */
    record OfExtract(StepKit kit, String step) implements RowSource {
        @Override
        public StepInput input(StepExecution reader) {
            return new StepInput(kit.outputs().of(reader, step, PinnedInput.class), null);
        }

        @Override
        public StepInput verified(StepExecution reader) {
            return input(reader);
        }
    }

    /** A step with a result. */
    record OfResult(CommittedResult result) implements RowSource {
        @Override
        public StepInput input(StepExecution reader) {
            RowServices services = result.services();
            Map<Integer, Long> rows = services.ledger().resultRows(reader, result.step());
            int partitions = result.source().input(reader).rows().size();
            return new StepInput(
                    null,
                    new StepInput.Result(
                            result.step(),
                            result.options().to(),
                            result.schema(reader),
                            IntStream.range(0, partitions)
                                    .mapToObj(partition -> rows.getOrDefault(partition, 0L))
                                    .toList(),
                            fingerprint(services.ledger().shards(reader, result.step()))));
        }

        @Override
        public StepInput verified(StepExecution reader) throws IOException {
            result.finished(reader);
            return input(reader);
        }

        private static String fingerprint(List<Shard> shards) {
            Hasher hasher = Hashing.sha256().newHasher();
            shards.forEach(shard -> hasher.putLong(shard.rows())
                    .putLong(shard.bytes())
                    .putString(shard.crc32c(), StandardCharsets.UTF_8));
            return hasher.hash().toString();
        }
    }
}
