/**
 * The step types {@code train}, {@code evaluate} and {@code publish}: a model learns, is measured and is given to its users.
 *
 * <p>The item of {@code train} is a stretch: the optimizer steps up to the next multiple of {@code save-steps}. {@link TrainingItemStream}
 * is its reader, processor and writer. When it opens, it reads the columns of the objective, and opens a new loop, or one from the last
 * checkpoint.
 * <ul>
 *   <li>A checkpoint is three files: {@code model.safetensors}, {@code optimizer.safetensors} and {@code state.json} (plan, step, loss,
 *       epochs). The plan is a fingerprint of the options, the model's config, the labels and the examples; another plan is refused. Its
 *       text never changes for given options, so a run of an earlier version resumes. The device is not part of it.
 *   <li>The last stretch also exports the model as a Hugging Face directory and leaves a {@link TrainedModel}. When all steps of the run
 *       are complete, its checkpoints are removed, and only then is the run's completion committed ({@code TrainSteps.removeLeftovers}).
 *       The trained model stays.
 *   <li>{@link EvaluateSteps} runs that model over the held-out rows, as {@code infer} does, and leaves {@link EvaluationOutput}.
 *   <li>{@link PublishSteps} copies the model to {@code to/VERSION/}, the metrics to {@code to/metrics/VERSION.json}, and the checksums of
 *       both to {@code to/checksums/VERSION.json}. Then it moves {@code to/latest}. It fails the run when a required metric falls short.
 *       {@code latest} stays when the version that it points to is better in a metric. VERSION is RUN-TIME of the run.
 * </ul>
 */
@NullMarked
package io.modelbatch.step.train;

import org.jspecify.annotations.NullMarked;
