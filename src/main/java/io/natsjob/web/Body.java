package io.natsjob.web;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the body of a request into memory, within {@value #MAX_BYTES} bytes. How long a sender may take is bounded by
 * {@link HttpSettings}: then the connection is closed and reading ends with an IOException.
 */
final class Body {
    static final int MAX_BYTES = 256 * 1024;
    /** Of a body that nobody wants, this much is read before the answer: a sender that is cut off mid-body may never see it. */
    static final int MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
    private static final int CHUNK_BYTES = 8 * 1024;

    private Body() {}

    static byte[] read(InputStream in) throws IOException {
        byte[] body = in.readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw Refusal.of(413, "body.large", "the body is larger than " + MAX_BYTES + " bytes");
        }
        return body;
    }

    /** Reads what is left, and answers false where there is still more after {@value #MAX_DISCARDED_BYTES} bytes. */
    static boolean discard(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long left = MAX_DISCARDED_BYTES;
        while (left > 0) {
            int read = in.read(chunk);
            if (read < 0) {
                return true;
            }
            left -= read;
        }
        return false;
    }
}
