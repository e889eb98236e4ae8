package io.modelbatch.inference;

import io.modelbatch.base.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The number of tokens that a forward pass should have on the device. Too few leave it idle between passes; too many leave a
 * processor's cache, and meet more padding. So the first batches of a model are cut to several sizes in turn, all of them work that
 * has to be done anyway, and the size at which tokens were answered fastest is kept, for later runs in a file beside the archive. For
 * several threads.
 */
final class TokenBudget {
    private static final List<Integer> OF_A_PROCESSOR = List.of(256, 512, 1_024, 2_048);
    private static final List<Integer> OF_A_GPU = List.of(8_192, 16_384, 32_768, 65_536, 131_072);
    /** Batches of each size that are timed; the first one of each is not, because it warms up. */
    private static final int SAMPLES = 4;

    private final List<Integer> candidates;
    private final long[] tokens;
    private final long[] nanos;
    private final int[] samples;
    private final Optional<Path> file;
    private int turn;
    private int chosen;

    private TokenBudget(List<Integer> candidates, int chosen, Optional<Path> file) {
        this.candidates = candidates;
        this.chosen = chosen;
        this.file = file;
        this.tokens = new long[candidates.size()];
        this.nanos = new long[candidates.size()];
        this.samples = new int[candidates.size()];
    }

    static TokenBudget fixed(int tokens) {
        return new TokenBudget(List.of(), tokens, Optional.empty());
    }

    /**
     * The budget that was found before, or a new search for one.
     *
     * @param archive the model's archive
     * @param gpus true if GPUs run it
     */
    static TokenBudget of(Path archive, boolean gpus) throws IOException {
        Path file = archive.resolveSibling(archive.getFileName() + (gpus ? ".gpu-tokens" : ".cpu-tokens"));
        List<Integer> candidates = gpus ? OF_A_GPU : OF_A_PROCESSOR;
        Optional<Integer> found = remembered(file, candidates);
        return found.isPresent() ? fixed(found.get()) : new TokenBudget(candidates, 0, Optional.of(file));
    }

    /** A file that names none of the sizes is damaged. */
    private static Optional<Integer> remembered(Path file, List<Integer> candidates) throws IOException {
        byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        String text = new String(content, StandardCharsets.US_ASCII).strip();
        return candidates.stream()
                .filter(size -> text.equals(String.valueOf(size)))
                .findFirst();
    }

    /** Tokens of the next batch. */
    synchronized int next() {
        if (chosen > 0) {
            return chosen;
        }
        turn = (turn + 1) % candidates.size();
        return candidates.get(turn);
    }

    /** A batch that was cut to a size is done. */
    synchronized void done(int budget, long answered, long took) {
        int i = candidates.indexOf(budget);
        if (chosen > 0 || i < 0) {
            return;
        }
        if (samples[i]++ > 0) {
            tokens[i] += answered;
            nanos[i] += took;
        }
        for (int count : samples) {
            if (count <= SAMPLES) {
                return;
            }
        }
        choose();
    }

    private void choose() {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            if ((double) tokens[i] / nanos[i] > (double) tokens[best] / nanos[best]) {
                best = i;
            }
        }
        chosen = candidates.get(best);
        file.ifPresent(this::remember);
    }

    private void remember(Path target) {
        try {
            AtomicFile.write(target, file -> Files.writeString(file, chosen + "\n", StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** More than so many tokens do not fit into the device's memory. */
    synchronized void atMost(long most) {
        int now = chosen > 0 ? chosen : candidates.get(candidates.size() - 1);
        if (most < now) {
            chosen = (int) Math.max(1, most);
        }
    }

    /** The current limit of tokens in a batch; a larger batch must be divided. */
    synchronized int largest() {
        return chosen > 0 ? chosen : candidates.get(candidates.size() - 1);
    }
}
