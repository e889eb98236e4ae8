package io.modelbatch.store.google;

import java.nio.charset.StandardCharsets;

/** The two parts of a {@code multipart/related} body. */
record MultipartUpload(byte[] metadata, byte[] content) {
    static MultipartUpload of(byte[] body, String contentType) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = "--" + contentType.replaceFirst(".*boundary=\"?([^\";]+)\"?.*", "$1");
        int first = text.indexOf("\r\n\r\n") + 4;
        int second = text.indexOf(boundary, first);
        int content = text.indexOf("\r\n\r\n", second) + 4;
        return new MultipartUpload(
                bytes(text.substring(first, second)),
                bytes(text.substring(content, text.lastIndexOf("\r\n" + boundary))));
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
}
