package io.natsjob.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Packets of MySQL's protocol: three bytes of length, lowest first, a number, and with number 0 a command. */
final class MysqlStatements implements StatementReader {
    private static final int HEAD_BYTES = 4;
    private static final byte COM_QUERY = 3;

    @Override
    public byte[] next(InputStream in) throws IOException {
        byte[] head = in.readNBytes(HEAD_BYTES);
        if (head.length < HEAD_BYTES) {
            return new byte[0];
        }
        int length = head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
        return Bytes.join(head, in.readNBytes(length));
    }

    @Override
    public String statement(byte[] message) {
        boolean query = message.length > HEAD_BYTES && message[3] == 0 && message[HEAD_BYTES] == COM_QUERY;
        return query ? new String(message, HEAD_BYTES + 1, message.length - HEAD_BYTES - 1, StandardCharsets.UTF_8) : null;
    }

    @Override
    public byte[] whole(byte[] message, InputStream in) {
        return message;
    }
}
