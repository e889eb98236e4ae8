package io.modelbatch.device;

import ai.djl.Model;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;

/** The calls of DJL's PyTorch engine that are not part of its public API, and may change with each of its versions. */
public final class PyTorchInternals {
    private PyTorchInternals() {}

    /**
     * Sets the number of threads of the calling thread's operations, and of threads that are started later. DJL's own setting is read once,
     * when the engine starts, and holds for the process.
     */
    static void useThreads(int threads) {
        JniUtils.setNumThreads(threads);
    }

    /**
     * Switches a model that was just loaded to training. DJL takes it to be so already, although it loads every model for inference:
     * without this, forward passes with {@code training} would have no dropout until the first one without.
     */
    public static void enableTraining(Model loaded) {
        JniUtils.enableTrainingMode((PtSymbolBlock) loaded.getBlock());
    }
}
