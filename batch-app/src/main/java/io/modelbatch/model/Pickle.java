package io.modelbatch.model;

import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the few pickle instructions (protocol 2) that a TorchScript module consists of. Nothing here reads a pickle. */
final class Pickle {
    private static final int PROTO = 0x80;
    private static final int NEWOBJ = 0x81;
    private static final int LONG1 = 0x8a;
    private static final int NEWTRUE = 0x88;
    private static final int NEWFALSE = 0x89;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Pickle() {
        op(PROTO).op(2);
    }

    static byte[] emptyTuple() {
        return new Pickle().op(')').op('.').out.toByteArray();
    }

    /** An object of the module's class whose state is its tensors and its flags, all false. */
    static byte[] module(ScriptModule module) {
        Pickle pickle = new Pickle();
        pickle.global("__torch__." + ScriptModule.SOURCE_NAME, module.className())
                .op(')')
                .op(NEWOBJ)
                .op('}')
                .op('(');
        for (int i = 0; i < module.tensors().size(); i++) {
            pickle.text(module.tensors().get(i).name()).tensor(i, module);
        }
        module.flags().forEach(flag -> pickle.text(flag).op(NEWFALSE));
        return pickle.op('u').op('b').op('.').out.toByteArray();
    }

    /** {@code torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, requires_grad, OrderedDict())}. */
    private void tensor(int number, ScriptModule module) {
        Tensor tensor = module.tensors().get(number);
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        op('(').text("storage").global("torch", module.dtype().torchStorage());
        text(String.valueOf(number))
                .text("cpu")
                .number(tensor.elements())
                .op('t')
                .op('Q');
        number(0).tuple(tensor.shape()).tuple(strides(tensor.shape()));
        op(module.gradients() == ScriptModule.Gradients.REQUIRED ? NEWTRUE : NEWFALSE);
        global("collections", "OrderedDict").op(')').op('R');
        op('t').op('R');
    }

    private static List<Long> strides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return List.of(strides);
    }

    private Pickle op(int code) {
        out.write(code);
        return this;
    }

    private Pickle global(String module, String name) {
        op('c').out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private Pickle text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        op('X').littleEndian(bytes.length, Integer.BYTES).out.writeBytes(bytes);
        return this;
    }

    private Pickle number(long value) {
        return value == (int) value
                ? op('J').littleEndian(value, Integer.BYTES)
                : op(LONG1).op(Long.BYTES).littleEndian(value, Long.BYTES);
    }

    private Pickle tuple(List<Long> values) {
        op('(');
        values.forEach(this::number);
        return op('t');
    }

    private Pickle littleEndian(long value, int bytes) {
        byte[] all = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        out.write(all, 0, bytes);
        return this;
    }
}
