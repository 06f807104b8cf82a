package io.natsjob.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Messages of PostgreSQL's protocol: a letter, but for the first one, and four bytes of length that count themselves. A statement is parsed under
 * a name and later bound by it.
 */
final class PostgresStatements implements StatementReader {
    private static final int LENGTH_BYTES = 4;
    private static final int HEAD_BYTES = 1 + LENGTH_BYTES;

    private final Map<String, String> parsed = new HashMap<>();
    private boolean begun;

    @Override
    public byte[] next(InputStream in) throws IOException {
        byte[] head = in.readNBytes(begun ? HEAD_BYTES : LENGTH_BYTES);
        if (head.length < LENGTH_BYTES) {
            return new byte[0];
        }
        begun = true;
        int length = ByteBuffer.wrap(head, head.length - LENGTH_BYTES, LENGTH_BYTES).getInt();
        return Bytes.join(head, in.readNBytes(length - LENGTH_BYTES));
    }

    @Override
    public String statement(byte[] message) {
        return switch (message[0]) {
            case 'Q' -> text(message, HEAD_BYTES);
            case 'P' -> {
                String name = text(message, HEAD_BYTES);
                parsed.put(name, text(message, after(message, HEAD_BYTES)));
                yield null;
            }
            case 'B' -> parsed.get(text(message, after(message, HEAD_BYTES)));
            default -> null;
        };
    }

    /** Up to the message that asks the server to answer. */
    @Override
    public byte[] whole(byte[] message, InputStream in) throws IOException {
        byte[] whole = message;
        byte[] next = message;
        while (next.length > 0 && next[0] != 'S' && next[0] != 'Q') {
            next = next(in);
            whole = Bytes.join(whole, next);
        }
        return whole;
    }

    private static String text(byte[] message, int from) {
        return new String(message, from, after(message, from) - 1 - from, StandardCharsets.UTF_8);
    }

    /** Behind the text that begins at {@code from} and ends with a zero. */
    private static int after(byte[] message, int from) {
        int at = from;
        while (message[at] != 0) {
            at++;
        }
        return at + 1;
    }
}
