package io.natsjob.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Answers on the wire as PostgreSQL 9.2 does, as far as a client needs to find out that it is too old: it lets everybody in, takes
 * every SET and refuses the parameters of later versions by SQLSTATE 42704. Real servers of that age are in no distribution any more.
 */
public final class OldPostgres implements AutoCloseable {
    private static final int CANCEL_OR_NEWER = 80_877_102;

    private final ServerSocket listener;

    private OldPostgres(ServerSocket listener) {
        this.listener = listener;
    }

    public static OldPostgres start() {
        try {
            OldPostgres server = new OldPostgres(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("old-postgres").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket; DataInputStream in = new DataInputStream(socket.getInputStream()); DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            for (int length = in.readInt(), code = in.readInt(); ; length = in.readInt(), code = in.readInt()) {
                in.readNBytes(length - 8);
                if (code < CANCEL_OR_NEWER) {
                    break;
                }
                out.write('N'); // no TLS
            }
            send(out, 'R', new byte[4]);
            for (String parameter : new String[] {"server_version\0009.2.24\0", "server_encoding\0UTF8\0", "client_encoding\0UTF8\0", "DateStyle\0ISO, MDY\0",
                "integer_datetimes\0on\0", "standard_conforming_strings\0on\0", "TimeZone\0UTC\0"}) {
                send(out, 'S', parameter.getBytes(StandardCharsets.UTF_8));
            }
            send(out, 'K', new byte[8]);
            send(out, 'Z', new byte[] {'I'});
            answer(in, out);
        } catch (IOException gone) {
            // the client has seen enough
            return;
        }
    }

    private static void answer(DataInputStream in, DataOutputStream out) throws IOException {
        boolean failed = false;
        boolean show = false;
        while (true) {
            int kind = in.read();
            if (kind < 0 || kind == 'X') {
                return;
            }
            byte[] body = in.readNBytes(in.readInt() - 4);
            if (kind == 'S') {
                failed = false;
                send(out, 'Z', new byte[] {'I'});
            } else if (kind == 'Q') {
                send(out, 'C', "SET\0".getBytes(StandardCharsets.UTF_8));
                send(out, 'Z', new byte[] {'I'});
            } else if (!failed && kind == 'P') {
                String sql = new String(body, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
                failed = sql.contains("idle_in_transaction_session_timeout");
                show = sql.contains("show ");
                send(out, failed ? 'E' : '1', failed ? "SERROR\0C42704\0Munrecognized configuration parameter\0\0".getBytes(StandardCharsets.UTF_8) : new byte[0]);
            } else if (!failed && kind == 'B') {
                send(out, '2', new byte[0]);
            } else if (!failed && kind == 'D') {
                send(out, show ? 'T' : 'n', show ? column() : new byte[0]);
            } else if (!failed && kind == 'E') {
                if (show) {
                    send(out, 'D', new byte[] {0, 1, 0, 0, 0, 3, 'o', 'f', 'f'});
                }
                send(out, 'C', (show ? "SHOW\0" : "SET\0").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** One column of text. */
    private static byte[] column() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream row = new DataOutputStream(bytes);
        row.writeShort(1);
        row.write("setting\0".getBytes(StandardCharsets.UTF_8));
        row.writeInt(0);
        row.writeShort(0);
        row.writeInt(25);
        row.writeShort(-1);
        row.writeInt(-1);
        row.writeShort(0);
        return bytes.toByteArray();
    }

    private static void send(DataOutputStream out, char kind, byte[] body) throws IOException {
        out.write(kind);
        out.writeInt(body.length + 4);
        out.write(body);
        out.flush();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
