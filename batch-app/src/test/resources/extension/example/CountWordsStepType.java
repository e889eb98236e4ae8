package example;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.extension.Check;
import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepBuilders;
import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.Target;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.Warehouse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.step.Step;

/** {@code count-words}: the number of words of each row, in objects of some rows each. */
public final class CountWordsStepType implements StepType<CountWordsStepType.Options> {
    public record Options(
            @JsonProperty(required = true) @JsonPropertyDescription("column whose words are counted") @NotBlank
            String text,

            @JsonProperty(required = true)
            @JsonPropertyDescription("folder of the objects")
            @Pattern(regexp = "gs://[a-z0-9][a-z0-9._-]*/\\S+", message = "must be gs://BUCKET/FOLDER")
            String to,

            @JsonProperty(defaultValue = "100") @JsonPropertyDescription("rows of an object") @Min(1) @Max(10_000)
            int rows) {}

    @Override
    public String key() {
        return "count-words";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public String description() {
        return "the number of words of each row";
    }

    @Override
    public Optional<String> needs() {
        return Optional.of("extract");
    }

    @Override
    public List<String> writes(Options options) {
        return List.of(options.to());
    }

    @Override
    public List<ColumnUse> reads(Options options) {
        return List.of(new ColumnUse("text", options.text()));
    }

    @Override
    public List<StepResult> results() {
        return List.of(new StepResult("words-of-rows", "rows whose words were counted"));
    }

    @Override
    public List<StepProblem> problems(StepDraft<Options> draft) {
        StepSpec extract = draft.nearest(ExtractOptions.class).orElse(null);
        if (extract == null || ((ExtractOptions) extract.options()).partitions() == 1) {
            return List.of();
        }
        return List.of(new StepProblem(
                extract, Optional.of("partitions"), "must be 1, for 'count-words' reads the rows one after the other"));
    }

    @Override
    public StepFactory<Options> factory(StepServices services) {
        StepBuilders builders = services.get(StepBuilders.class);
        Warehouse warehouse = services.get(Warehouse.class);
        ObjectStore store = services.get(ObjectStore.class);
        return new StepFactory<>() {
            @Override
            public Step create(JobStep<Options> step) {
                Options options = step.options();
                Rows rows = new Rows(builders, warehouse, step.before(ExtractOptions.class), options.text());
                return builders.<Rows.Row, String>chunks(step.name(), options.rows())
                        .reader(rows)
                        .processor(row -> row.key() + "\t" + row.text().split("\\s+").length)
                        .writer(new Objects(store, ObjectUri.parse(options.to()), rows))
                        .listener(rows)
                        .build();
            }

            @Override
            public List<String> rowProblems(JobStep<Options> step, Preview.Rows rows) {
                String text = step.options().text();
                return rows.of(text).nulls() == 0
                        ? List.of()
                        : List.of(rows.withoutValue(text) + ", and there are no words to count; leave them out: WHERE "
                                + text + " IS NOT NULL");
            }

            @Override
            public List<Target> targets(Options options) {
                return List.of(Target.result(ObjectUri.parse(options.to())));
            }

            @Override
            public List<Check> checks(JobStep<Options> step) {
                return List.of(
                        Check.of(step, "counting", () -> "objects of " + step.options().rows() + " rows"));
            }
        };
    }
}
