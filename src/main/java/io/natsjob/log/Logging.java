package io.natsjob.log;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of a running server: takes lines into a queue of {@link #QUEUE_MAX_LINES}, and one daemon thread writes them to the
 * console and to {@code app.log}. When the queue is full, lines are dropped; their number is logged once there is room.
 * Callers never wait for the disk or the terminal, so a line is not yet written when the call returns.
 */
public final class Logging implements Log.Sink, AutoCloseable {
    /** Most lines that may wait. At the usual 200 bytes that is some 2 MB. */
    public static final int QUEUE_MAX_LINES = 8_192;

    /** Longest time that {@link #close} waits for the lines still queued. */
    public static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private static final int BATCH_MAX_LINES = 512;
    private static final long IDLE_MILLIS = 200;

    private final LogOptions options;
    private final InstantSource wall;
    private final LogWriter writer;
    private final BlockingQueue<Stamped> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread thread;
    private Log.Sink before;
    private JulBridge bridge;

    /** A line with its wall time in epoch milliseconds: of the call, not of the writing. */
    record Stamped(long millis, LogLine line) {}

    Logging(LogOptions options, InstantSource wall, PrintStream console, int queueMaxLines) {
        this.options = options;
        this.wall = wall;
        this.writer = new LogWriter(options, console);
        this.queue = new ArrayBlockingQueue<>(queueMaxLines);
        this.thread = Thread.ofPlatform().name("log-writer").daemon(true).unstarted(this::run);
    }

    /**
     * Starts the log on stdout and in the options' folder, and makes it the sink of every {@link Log} and of
     * {@code java.util.logging} (from WARNING on). Works without a writable folder: then the console says so once.
     */
    public static Logging start(LogOptions options) {
        Logging logging = new Logging(options, InstantSource.system(), System.out, QUEUE_MAX_LINES);
        logging.begin();
        return logging;
    }

    void begin() {
        thread.start();
        before = Log.setSink(this);
        bridge = JulBridge.install();
    }

    @Override
    public boolean accepts(Level level) {
        return level.compareTo(options.level()) >= 0;
    }

    @Override
    public void write(LogLine line) {
        if (!queue.offer(new Stamped(wall.millis(), line))) {
            dropped.incrementAndGet();
        }
    }

    /** Lines dropped since the last report of them. */
    long dropped() {
        return dropped.get();
    }

    /** Writes what is queued, within {@link #CLOSE_MAX}; later lines go where they went before the start. A second call does nothing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        bridge.remove();
        Log.setSink(before);
        boolean ended = false;
        try {
            ended = thread.join(CLOSE_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            // Stuck in a write to a dead terminal or disk; a daemon thread does not hold the process back.
            thread.interrupt();
        }
    }

    /** Whether the thread has ended; after a {@link #close} that gave up it may still write. */
    boolean ended() {
        return !thread.isAlive();
    }

    private void run() {
        List<Stamped> batch = new ArrayList<>(BATCH_MAX_LINES);
        try {
            // Ends only when closing was seen before an empty poll: nothing queued earlier is left behind.
            boolean last = false;
            while (!last) {
                last = closing.get();
                take(batch, last ? 0 : IDLE_MILLIS);
                last &= batch.isEmpty();
                writer.write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writer.close();
        }
    }

    private void take(List<Stamped> batch, long waitMillis) throws InterruptedException {
        Stamped first = queue.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, BATCH_MAX_LINES - 1);
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LogLine line = new LogLine(Level.WARN, "log", "log lines dropped, the queue was full", Fields.of("lines", lost), null);
            batch.add(new Stamped(wall.millis(), line));
        }
    }
}
