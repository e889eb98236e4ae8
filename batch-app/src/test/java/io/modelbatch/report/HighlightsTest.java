package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HighlightsTest {
    @Test
    void nameWhatTheCountsDoNotSay() {
        assertThat(Highlights.of(SampleReports.completed()))
                .containsExactly(
                        "Started 2 times",
                        "Rejected: 1,193 rows, the text is longer than 512 tokens",
                        "Rejected: 11 rows, the text is empty",
                        "infer result: gs://receipts-ml/predictions/2026-03-31",
                        "infer rejects: gs://receipts-ml/predictions/2026-03-31/rejects",
                        "load table: shop.receipt_categories",
                        "Compared with predict-39: labels some change, scores little change, lengths little change",
                        "Cost: 1.33 USD");
    }

    @Test
    void aRunWithoutFindingsHasNone() {
        assertThat(Highlights.of(SampleReports.atWork())).isEmpty();
    }

    @Test
    void aTrainingSaysWhatItsModelIsWorth() {
        assertThat(Highlights.of(SampleReports.training()))
                .containsExactly(
                        "train result: gs://modelbatch/runs/train-1/train/model",
                        "Of 400 held-out rows, 94.8 % are labelled correctly, macro F1 0.941",
                        "publish model: gs://receipts-ml/models/categories@train-1-20260314T091200-de65eff0");
    }
}
