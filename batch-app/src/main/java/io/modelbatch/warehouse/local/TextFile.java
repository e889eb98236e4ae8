package io.modelbatch.warehouse.local;

import com.google.common.collect.ImmutableMap;
import io.modelbatch.warehouse.WarehouseException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/** A table's file as text: UTF-8, with or without a byte order mark, and nothing else. */
record TextFile(Path path) {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String EXCEL =
            "a workbook of Excel or a zip archive; save the sheet as CSV UTF-8, or unpack it";
    /** The first bytes of files of other kinds, in hexadecimal digits. */
    private static final Map<String, String> OTHER_KINDS = ImmutableMap.<String, String>builder()
            .put("1f8b", "compressed with gzip; unpack it with gunzip")
            .put("28b52ffd", "compressed with zstd; unpack it with zstd -d")
            .put("504b0304", EXCEL)
            .put("d0cf11e0", EXCEL)
            .put("5041523115", "Parquet; name it .parquet")
            .buildOrThrow();

    private static final int LONGEST_MARK = 5;

    BufferedReader open() throws IOException {
        refuseOtherKinds();
        refuseWideCharacters();
        BufferedReader text = new BufferedReader(new InputStreamReader(
                Files.newInputStream(path),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        try {
            text.mark(1);
            if (text.read() != BYTE_ORDER_MARK) {
                text.reset();
            }
            return text;
        } catch (CharacterCodingException e) {
            text.close();
            throw notUtf8();
        }
    }

    WarehouseException refused(long line, String cause) {
        return new WarehouseException(path + ": line " + line + ": " + cause);
    }

    /** Refuses the file for the first byte that is not UTF-8; costs reading it again. */
    WarehouseException notUtf8() throws IOException {
        long line = 1;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            int expected = 0;
            int previous = 0;
            for (int read = in.read(); read >= 0; read = in.read()) {
                boolean continues = (read & 0xC0) == 0x80;
                if (continues ? expected == 0 || isOutside(previous, read, expected) : expected > 0) {
                    break;
                }
                if (read == '\r' || read == '\n' && previous != '\r') {
                    line++;
                }
                expected = continues ? expected - 1 : following(read);
                if (expected < 0) {
                    break;
                }
                previous = read;
            }
        }
        return refused(
                line,
                "the file is not UTF-8 from here on. Convert it, for instance a file of a Japanese Windows: iconv -f CP932"
                        + " -t UTF-8, of a western one: iconv -f WINDOWS-1252 -t UTF-8");
    }

    /** Bytes that follow a first one; negative for a byte that begins no character. */
    private static int following(int first) {
        if (first < 0x80) {
            return 0;
        }
        if (first < 0xC2 || first > 0xF4) {
            return -1;
        }
        return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    }

    /** The second byte of an overlong form, of a surrogate or of a character beyond Unicode. */
    private static boolean isOutside(int first, int second, int expected) {
        if (first < 0xE0 || expected != following(first)) {
            return false;
        }
        return first == 0xE0 && second < 0xA0
                || first == 0xED && second > 0x9F
                || first == 0xF0 && second < 0x90
                || first == 0xF4 && second > 0x8F;
    }

    private void refuseOtherKinds() throws IOException {
        String first = first(LONGEST_MARK);
        OTHER_KINDS.forEach((mark, kind) -> {
            if (first.startsWith(mark)) {
                throw refused(1, "the file is " + kind);
            }
        });
    }

    private String first(int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return HexFormat.of().formatHex(in.readNBytes(bytes));
        }
    }

    /** Refuses UTF-16 and UTF-32, with a byte order mark or a zero among the first bytes. */
    private void refuseWideCharacters() throws IOException {
        String first = first(4);
        if (first.equals("fffe0000") || first.equals("0000feff")) {
            throw wide("UTF-32", "UTF-32");
        }
        if (first.startsWith("fffe") || first.startsWith("feff")) {
            throw wide("UTF-16", "UTF-16");
        }
        if (first.matches("000000..|..000000|0000....")) {
            throw wide("UTF-32 without a byte order mark", first.startsWith("00") ? "UTF-32BE" : "UTF-32LE");
        }
        if (first.matches("00.*|..00.*")) {
            throw wide("UTF-16 without a byte order mark", first.startsWith("00") ? "UTF-16BE" : "UTF-16LE");
        }
    }

    private WarehouseException wide(String what, String encoding) {
        return refused(1, "the file is " + what + "; convert it to UTF-8: iconv -f " + encoding + " -t UTF-8");
    }
}
