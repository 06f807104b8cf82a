package io.natsjob.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands between natsjob and a database server and reads along, without TLS: a plan decides for each statement whether it goes its
 * way. So a connection can be cut exactly at a COMMIT, before or after it took effect, or while it is on its way.
 */
public final class DatabaseProxy implements AutoCloseable {
    private static final int COPY_BYTES = 16_384;

    /** What becomes of a statement. */
    public sealed interface Fate {
        /** It goes its way. */
        record Pass() implements Fate {}

        /** The connection is cut before the statement reaches the server. */
        record Cut() implements Fate {}

        /** The statement reaches the server and takes effect; the connection is cut in place of its answer. */
        record Swallow() implements Fate {}

        /** The client's connection is cut at once; the statement reaches the server {@code millis} later. */
        record Late(long millis) implements Fate {}

        /** Neither the statement nor anything behind it reaches the server, and nothing is cut. */
        record Hold() implements Fate {}
    }

    /** Decides on each statement. Called from many threads. */
    @FunctionalInterface
    public interface Plan {
        /** @param earlier the statements of the same connection since the last COMMIT or ROLLBACK */
        Fate fate(String statement, List<String> earlier);
    }

    private static final Fate PASS = new Fate.Pass();

    private final DatabaseServer server;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long delayMillis;
    private volatile Plan plan = (statement, earlier) -> PASS;

    public DatabaseProxy(DatabaseServer server) {
        this.server = server;
        try {
            door = new ServerSocket();
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("database-proxy").start(this::accept);
    }

    /** From now on whatever arrives, in either direction, goes on so much later; 0: at once. What comes right behind it goes with it. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    /** @param idle nothing had arrived before this */
    private void late(boolean idle) throws InterruptedException {
        long millis = delayMillis;
        if (idle && millis > 0) {
            closed.await(millis, TimeUnit.MILLISECONDS);
        }
    }

    public static boolean isCommit(String statement) {
        return statement.strip().equalsIgnoreCase("COMMIT");
    }

    /** From now on. */
    public void plan(Plan next) {
        plan = next;
    }

    /** What NATSJOB_DB_URL says to come through here. */
    public String goUrl(String database) {
        return server.goUrl(database, door.getLocalPort());
    }

    /** Waits for the first statement whose fate is {@link Fate.Hold}. */
    public void awaitHeld(long millis) {
        try {
            if (!held.await(millis, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no statement was held within " + millis + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = keep(door.accept());
                Socket behind = keep(new Socket(InetAddress.getLoopbackAddress(), server.port()));
                Line line = new Line(client, behind);
                Thread.ofVirtual().name("database-proxy-up").start(line::up);
                Thread.ofVirtual().name("database-proxy-down").start(line::down);
            }
        } catch (IOException closed) {
            cutAll();
        }
    }

    private Socket keep(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        open.add(socket);
        return socket;
    }

    private void cutAll() {
        open.forEach(this::cut);
    }

    private void cut(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts every connection, what is held included, and takes no more. */
    @Override
    public void close() {
        closed.countDown();
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }

    /** One connection. */
    private final class Line {
        private final Socket client;
        private final Socket behind;
        private final StatementReader statements;
        private final List<String> earlier = new ArrayList<>();
        /** The client gets nothing more; its connection is cut when the server answers. */
        private volatile boolean muted;

        Line(Socket client, Socket behind) {
            this.client = client;
            this.behind = behind;
            this.statements = server.statements();
        }

        void up() {
            try {
                InputStream in = client.getInputStream();
                OutputStream out = behind.getOutputStream();
                while (true) {
                    boolean idle = in.available() == 0;
                    byte[] message = statements.next(in);
                    if (message.length == 0) {
                        break;
                    }
                    late(idle);
                    String statement = statements.statement(message);
                    if (statement == null || deliver(fate(statement), message, in, out)) {
                        out.write(message);
                    } else if (muted) {
                        return; // the other direction ends it, when the server has answered
                    } else {
                        break;
                    }
                }
            } catch (IOException gone) {
                cutBoth(); // one end is gone, so the other goes too
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cutBoth();
        }

        private Fate fate(String statement) {
            Fate fate = plan.fate(statement, List.copyOf(earlier));
            if (isCommit(statement) || statement.strip().equalsIgnoreCase("ROLLBACK")) {
                earlier.clear();
            } else {
                earlier.add(statement);
            }
            return fate;
        }

        /** True: it goes its way; else nothing more goes this way. */
        private boolean deliver(Fate fate, byte[] message, InputStream in, OutputStream out) throws IOException, InterruptedException {
            return switch (fate) {
                case Fate.Pass pass -> true;
                case Fate.Cut cut -> false;
                case Fate.Swallow swallow -> {
                    muted = true;
                    yield true;
                }
                case Fate.Late late -> {
                    byte[] rest = statements.whole(message, in);
                    muted = true;
                    cut(client);
                    if (!closed.await(late.millis(), TimeUnit.MILLISECONDS)) {
                        out.write(rest);
                    }
                    yield false;
                }
                case Fate.Hold hold -> {
                    held.countDown();
                    in.transferTo(OutputStream.nullOutputStream());
                    yield false;
                }
            };
        }

        void down() {
            byte[] bytes = new byte[COPY_BYTES];
            try {
                InputStream in = behind.getInputStream();
                OutputStream out = client.getOutputStream();
                while (true) {
                    boolean idle = in.available() == 0;
                    int count = in.read(bytes);
                    if (count < 0 || muted) {
                        break;
                    }
                    late(idle);
                    out.write(bytes, 0, count);
                }
            } catch (IOException gone) {
                cutBoth();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cutBoth();
        }

        private void cutBoth() {
            cut(client);
            cut(behind);
        }
    }
}
