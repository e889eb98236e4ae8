package io.modelbatch.device;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A library as Linux has it: 64 bits, little-endian. It is read and not loaded. */
final class ElfFile {
    private static final int MAGIC = 0x464C457F;
    private static final byte[] FORMAT = {2, 1}; // 64 bits, little-endian
    private static final int HEADER = 64;
    private static final int SECTION = 64;
    private static final int DYNAMIC_ENTRY = 16;
    private static final long NEEDED = 1;

    private final Path file;
    private final List<Section> sections;

    private ElfFile(Path file, List<Section> sections) {
        this.file = file;
        this.sections = sections;
    }

    private record Section(String name, int link, long offset, int size) {}

    /** Empty for a file of another format. */
    static Optional<ElfFile> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, 0, (int) Math.min(HEADER, channel.size()));
            if (header.remaining() < HEADER
                    || header.getInt(0) != MAGIC
                    || header.get(4) != FORMAT[0]
                    || header.get(5) != FORMAT[1]) {
                return Optional.empty();
            }
            int number = Short.toUnsignedInt(header.getShort(0x3C));
            ByteBuffer table = read(channel, header.getLong(0x28), number * SECTION);
            Section names = section(table, Short.toUnsignedInt(header.getShort(0x3E)), "");
            ByteBuffer texts = read(channel, names.offset, names.size);
            List<Section> sections = new ArrayList<>();
            for (int index = 0; index < number; index++) {
                sections.add(section(table, index, text(texts, table.getInt(index * SECTION))));
            }
            return Optional.of(new ElfFile(file, List.copyOf(sections)));
        } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged", e);
        }
    }

    private static Section section(ByteBuffer table, int index, String name) {
        int at = index * SECTION;
        return new Section(
                name, table.getInt(at + 0x28), table.getLong(at + 0x18), Math.toIntExact(table.getLong(at + 0x20)));
    }

    /** The names of the libraries that are loaded with it. */
    List<String> needed() throws IOException {
        Optional<Section> dynamic = named(".dynamic");
        if (dynamic.isEmpty()) {
            return List.of();
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer entries = read(channel, dynamic.get().offset, dynamic.get().size);
            Section strings = sections.get(dynamic.get().link);
            ByteBuffer texts = read(channel, strings.offset, strings.size);
            List<String> needed = new ArrayList<>();
            for (int at = 0; at + DYNAMIC_ENTRY <= entries.limit(); at += DYNAMIC_ENTRY) {
                if (entries.getLong(at) == NEEDED) {
                    needed.add(text(texts, Math.toIntExact(entries.getLong(at + Long.BYTES))));
                }
            }
            return needed;
        }
    }

    /** True if this is one of the texts of its code. */
    boolean hasText(String text) throws IOException {
        Optional<Section> constants = named(".rodata");
        if (constants.isEmpty()) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            byte[] bytes =
                    read(channel, constants.get().offset, constants.get().size).array();
            return Bytes.indexOf(bytes, ("\0" + text + "\0").getBytes(StandardCharsets.US_ASCII)) >= 0;
        }
    }

    private Optional<Section> named(String name) {
        return sections.stream().filter(section -> section.name.equals(name)).findFirst();
    }

    private static ByteBuffer read(FileChannel channel, long offset, int size) throws IOException {
        if (offset < 0 || size < 0 || offset + size > channel.size()) {
            throw new IndexOutOfBoundsException("it ends before byte " + (offset + size));
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
            // the rest
        }
        return bytes.flip();
    }

    private static String text(ByteBuffer texts, int offset) {
        int end = offset;
        while (texts.get(end) != 0) {
            end++;
        }
        return new String(texts.array(), offset, end - offset, StandardCharsets.UTF_8);
    }
}
