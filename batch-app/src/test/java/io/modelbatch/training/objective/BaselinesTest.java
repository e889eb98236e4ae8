package io.modelbatch.training.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselinesTest {
    @Test
    void theMajorityIsTheCommonestLabel() {
        Baselines baselines = new Baselines(3, List.of("x", "x", "x", "x"), List.of(0, 2, 1, 2));
        assertThat(baselines.majority()).isEqualTo(2);
    }

    @Test
    void theFirstOfEquallyCommonLabelsIsTheMajority() {
        assertThat(new Baselines(3, List.of("x", "x"), List.of(2, 1)).majority())
                .isEqualTo(1);
    }

    /** Example 13.1 of Introduction to Information Retrieval: label 0 is China, label 1 is not. */
    @Test
    void naiveBayesAnswersAsItsTextbook() {
        Baselines baselines = new Baselines(
                2,
                List.of("Chinese Beijing Chinese", "Chinese Chinese Shanghai", "Chinese Macao", "Tokyo Japan Chinese"),
                List.of(0, 0, 0, 1));
        // Six words are known. 3/4 × (6/14)³ × 1/14 × 1/14 = 0.0003 against 1/4 × (2/9)³ × 2/9 × 2/9 = 0.0001
        assertThat(baselines.bagOfWords("Chinese Chinese Chinese Tokyo Japan")).isEqualTo(0);
        // 3/4 × 6/14 × 1/14 × 1/14 = 0.0016 against 1/4 × (2/9)³ = 0.0027
        assertThat(baselines.bagOfWords("Chinese Tokyo Japan")).isEqualTo(1);
        // Words that were never seen say nothing, so the commoner label wins.
        assertThat(baselines.bagOfWords("Berlin Paris")).isEqualTo(0);
        assertThat(baselines.bagOfWords("")).isEqualTo(0);
    }

    @Test
    void naiveBayesNeverGivesALabelThatItNeverSaw() {
        Baselines baselines = new Baselines(3, List.of("x", "y"), List.of(1, 2));
        assertThat(baselines.bagOfWords("z")).isEqualTo(1);
        assertThat(baselines.bagOfWords("y")).isEqualTo(2);
    }

    /** Japanese does not part words by spaces, so pairs of characters stand for them. */
    @Test
    void naiveBayesLearnsFromTextWithoutSpaces() {
        Baselines baselines =
                new Baselines(2, List.of("北海道牛乳", "低脂肪牛乳", "食パン六枚切", "全粒粉食パン", "塩食パン"), List.of(0, 0, 1, 1, 1));
        assertThat(baselines.bagOfWords("特選牛乳")).isEqualTo(0);
        assertThat(baselines.bagOfWords("山型食パン")).isEqualTo(1);
    }

    @Test
    void aTextMayBeLong() {
        assertThat(Baselines.words("a".repeat(1_000_000))).hasSize(1);
        assertThat(Baselines.words("乳".repeat(1_000_000))).hasSize(999_999);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Café au lait, 4x $9.50!| café au lait 4x 9 50",
                "北海道 食パン| 北海 海道 食パ パン",
                "コーヒー豆| コー ーヒ ヒー ー豆",
                "ﾊﾞﾀｰ| バタ ター",
                "塩| 塩",
                "牛乳1000ml| 牛乳 1000ml",
                "milk　牛乳・「チーズ」| milk 牛乳 チー ーズ",
                "ＴＡＸ８％| tax8",
                "นมสด| นม มส สด",
                "우유 식빵| 우유 식빵",
                "𠮷野家| 𠮷野 野家",
                "🥛 milk| 🥛 milk",
                "¥ ... -| ''"
            })
    void wordsAreLowerCaseAndPairsOfCharactersWhereNothingPartsThem(String text, String words) {
        assertThat(String.join(" ", Baselines.words(text))).isEqualTo(words);
    }
}
