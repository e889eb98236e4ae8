package io.modelbatch.model;

import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import java.util.Arrays;
import java.util.List;

/** Archives that this processor can compute, by the question that the application asks. */
final class Variants {
    private Variants() {}

    /** With plain weights, and with packed ones where the processor has such products. */
    static List<ArchiveVariant> of(Precision precision) {
        return Arrays.stream(ArchiveVariant.Layout.values())
                .filter(layout -> layout == ArchiveVariant.Layout.PACKED
                        ? ProcessorPrecision.packs(precision)
                        : precision != Precision.INT8)
                .<ArchiveVariant>map(layout -> new ArchiveVariant.Inference(precision, layout))
                .toList();
    }
}
