package io.modelbatch.step;

import io.modelbatch.artifact.Manifest;
import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.StepSpec;
import io.modelbatch.source.LoadOptions;
import io.modelbatch.source.TableLoad;
import io.modelbatch.source.Warehouse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.batch.core.step.Step;

/** {@code load}: puts the rows that a result's manifest lists into a table. */
final class LoadSteps implements StepFactory<LoadOptions> {
    private final StepKit kit;
    private final Warehouse warehouse;
    private final ObjectStore store;

    LoadSteps(StepKit kit, Warehouse warehouse, ObjectStore store) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.store = store;
    }

    @Override
    public Class<LoadOptions> options() {
        return LoadOptions.class;
    }

    @Override
    public Step create(JobSpec job, StepSpec step, LoadOptions options) {
        InferOptions infer =
                (InferOptions) Earlier.step(job, step, InferOptions.class).options();
        ObjectUri folder = ObjectUri.parse(infer.to());
        return kit.single(step.name(), execution -> {
            Manifest manifest = Manifest.read(store, folder);
            long tableRows = warehouse.load(new TableLoad(
                    kit.uniqueRun(execution) + "-" + step.name(),
                    options.target(),
                    manifest.format(),
                    manifest.shards().stream()
                            .map(shard -> folder.child(shard.name()).toString())
                            .toList(),
                    manifest.columns().stream()
                            .map(column -> new TableLoad.Column(column.name(), column.type()))
                            .toList(),
                    manifest.rows()));
            execution.setReadCount(manifest.rows());
            execution.setWriteCount(manifest.rows());
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("rows", manifest.rows());
            figures.put("table", options.table());
            if (options.partition() != null) {
                figures.put("partition", options.partition());
            }
            figures.put("table-rows", tableRows);
            kit.result(execution, figures);
        });
    }

    @Override
    public List<Check> checks(JobSpec job, StepSpec step, LoadOptions options) {
        return List.of(new Check("table " + options.table(), () -> warehouse.verify(options.target())));
    }
}
