package io.modelbatch.inference;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.result.Column;
import io.modelbatch.result.RecordSchema;
import java.util.List;
import java.util.Map;

/** Texts as points, as sentence-transformers makes them. */
record FeatureExtraction(Head.Scale scale, int dimensions) implements Decoder {
    /** Below this length a point has no direction. */
    private static final double SHORTEST = 1e-12;

    @Override
    public List<RecordSchema.Field> columns() {
        return List.of(AnswerColumns.embedding(dimensions));
    }

    @Override
    public Output begin(int rows) {
        Column.Embeddings embeddings = Column.embeddings(dimensions, rows);
        return new Output(
                Map.of(AnswerColumns.EMBEDDING, embeddings), (row, windows) -> embeddings.set(row, point(windows)));
    }

    /** The mean of several windows' points is shorter than they are. */
    private float[] point(List<Window> windows) {
        float[] point = Decoder.mean(windows);
        return windows.size() > 1 && scale == Head.Scale.NORMALIZED ? normalized(point) : point;
    }

    private static float[] normalized(float[] point) {
        double squares = 0;
        for (float number : point) {
            squares += (double) number * number;
        }
        double length = Math.max(Math.sqrt(squares), SHORTEST);
        float[] scaled = new float[point.length];
        for (int i = 0; i < point.length; i++) {
            scaled[i] = (float) (point[i] / length);
        }
        return scaled;
    }
}
