package io.natsjob.log;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the parts of the server log with: {@code Log.of("dispatch").info("NATS connected", "url", url)}.
 * Never throws and never waits. Lines go to the sink set with {@link #setSink}; before, to stderr as text from info on.
 * Secrets are the caller's duty: what is handed in is written.
 */
public final class Log {
    private static final AtomicReference<Sink> SINK = new AtomicReference<>(new StderrSink());

    private final String name;

    private Log(String name) {
        this.name = name;
    }

    /** Where lines go. */
    public interface Sink {
        /** Whether lines of this level are wanted; cheap, asked before a line is built. */
        boolean accepts(Level level);

        /** Takes the line. Must neither wait nor throw. */
        void write(LogLine line);
    }

    /** The log of one part of the server; a short word, usually its package. */
    public static Log of(String name) {
        return new Log(Objects.requireNonNull(name, "name"));
    }

    /** Sends all lines to this sink from now on; returns the one before, to be set again at the end. */
    public static Sink setSink(Sink sink) {
        return SINK.getAndSet(Objects.requireNonNull(sink, "sink"));
    }

    /** Whether debug lines are wanted; for lines whose values are dear to make. */
    public boolean debugOn() {
        return SINK.get().accepts(Level.DEBUG);
    }

    /** A step of normal work. */
    public void debug(String message, Object... keyValues) {
        put(Level.DEBUG, message, null, keyValues);
    }

    /** What an operator wants to see. */
    public void info(String message, Object... keyValues) {
        put(Level.INFO, message, null, keyValues);
    }

    /** Something is not as it should be; work goes on. */
    public void warn(String message, Object... keyValues) {
        put(Level.WARN, message, null, keyValues);
    }

    /** As {@link #warn(String, Object...)}, with the throwable's classes and messages but no stack. */
    public void warn(String message, Throwable error, Object... keyValues) {
        put(Level.WARN, message, error, keyValues);
    }

    /** Something that should be done was not done. */
    public void error(String message, Object... keyValues) {
        put(Level.ERROR, message, null, keyValues);
    }

    /** As {@link #error(String, Object...)}, with the throwable and its stack. */
    public void error(String message, Throwable error, Object... keyValues) {
        put(Level.ERROR, message, error, keyValues);
    }

    private void put(Level level, String message, Throwable error, Object... keyValues) {
        Sink sink = SINK.get();
        if (sink.accepts(level)) {
            sink.write(new LogLine(level, name, Fields.cut(message), Fields.of(keyValues), error));
        }
    }
}
