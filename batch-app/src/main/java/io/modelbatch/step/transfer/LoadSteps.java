package io.modelbatch.step.transfer;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.Target;
import io.modelbatch.facts.Loaded;
import io.modelbatch.result.Manifest;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.infer.StepPreviews;
import io.modelbatch.step.rows.CommittedResult;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.LoadOptions;
import io.modelbatch.warehouse.LoadRegions;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.batch.core.step.Step;

/** {@code load}: puts the rows that a result's manifest lists into a table. */
final class LoadSteps implements StepFactory<LoadOptions> {
    private final RowServices services;
    private final StepKit kit;
    private final Warehouse warehouse;
    private final StepPreviews previews;

    LoadSteps(RowServices services, StepPreviews previews) {
        this.services = services;
        this.kit = services.kit();
        this.warehouse = services.warehouse();
        this.previews = previews;
    }

    @Override
    public List<Target> targets(LoadOptions options) {
        return List.of(Target.table(options.target()));
    }

    @Override
    public Step create(JobStep<LoadOptions> step) {
        CommittedResult result = CommittedResult.of(source(step), step, services);
        LoadOptions options = step.options();
        return kit.single(step.name(), execution -> {
            CommittedResult.Verified finished = result.finished(execution);
            Manifest manifest = finished.manifest();
            long tableRows = warehouse
                    .stoppedBy(kit.run(execution).stop()::requested)
                    .load(new TableLoad(
                            kit.uniqueRun(execution) + "-" + step.name(),
                            options.target(),
                            manifest.format(),
                            finished.shards(),
                            manifest.columns(),
                            manifest.rows(),
                            Map.of("job", step.job(), "run", StepKit.runName(execution))));
            execution.setReadCount(manifest.rows());
            execution.setWriteCount(manifest.rows());
            kit.result(execution, new Loaded(manifest.rows(), options.table(), options.partition(), tableRows));
        });
    }

    @Override
    public List<Check> checks(JobStep<LoadOptions> step) {
        LoadOptions options = step.options();
        List<Check> checks = new ArrayList<>();
        ResultOptions result = result(step);
        checks.add(Check.of(step, "table " + options.table(), () -> verify(step)));
        warehouse.loadRegions().ifPresent(regions -> checks.add(near(result.folder(), regions)));
        return checks;
    }

    /** That the table can be written, and takes the columns that the result will have. */
    private String verify(JobStep<LoadOptions> step) throws Exception {
        LoadOptions options = step.options();
        String seen = warehouse.verify(options.target());
        Optional<RecordSchema> result = previews.result(step, source(step));
        if (result.isEmpty()) {
            return seen + "; the result's columns are not known yet";
        }
        String format = result(step).format().word();
        warehouse.verify(options.target(), format, result.get().fields());
        return seen + "; the result's columns: "
                + result.get().fields().stream()
                        .map(field -> field.name() + " " + field.type().word())
                        .collect(Collectors.joining(", "));
    }

    /** The step whose result is loaded. */
    private StepSpec source(JobStep<LoadOptions> step) {
        return services.types()
                .source(step.steps().subList(0, step.steps().indexOf(step.step())), step.step())
                .orElseThrow();
    }

    private ResultOptions result(JobStep<LoadOptions> step) {
        return services.types().result(source(step)).orElseThrow();
    }

    /** Whoever loads is asked for the bucket itself, not for its objects alone. */
    private Check near(ObjectUri shards, LoadRegions regions) {
        return new Check("loading from gs://" + shards.bucket(), () -> {
            Optional<String> region = services.store().region(shards);
            region.ifPresent(where -> regions.verify(shards.bucket(), where));
            return region.map(where -> "is in " + where).orElse("its region is not known here");
        });
    }
}
