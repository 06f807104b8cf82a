package io.natsjob;

import io.natsjob.log.Log;
import io.natsjob.log.Logging;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What SIGTERM and SIGINT do, from the first moment of the server on: they close it and end the process with status 0. A server that is
 * not yet up is waited for up to {@value #OPEN_SECONDS} s; then nothing has begun that would be lost. A close that takes over
 * {@value #CLOSE_SECONDS} s in all is broken off, with status 1: what is left is found by the next start.
 */
final class Stop {
    /** Below the 10 s after which containers are commonly killed. */
    static final int CLOSE_SECONDS = 9;
    private static final int OPEN_SECONDS = 3;
    private static final Log LOG = Log.of("server");

    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicReference<AutoCloseable> server = new AtomicReference<>();
    private final CountDownLatch refused = new CountDownLatch(1);
    private volatile Logging logging;

    /** To be called first of all. */
    static Stop onSignal() {
        Stop stop = new Stop();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stop::run));
        return stop;
    }

    /** What is to be told goes there from now on, and is flushed at the end. */
    void logsTo(Logging log) {
        logging = log;
    }

    /** The server is up and is to be closed by a signal. */
    void opened(AutoCloseable running) {
        server.set(running);
        opened.countDown();
    }

    /** There will be no server; the status is the caller's to tell. */
    void failed() {
        server.set(null);
        opened.countDown();
    }

    /** This server must not go on: it is closed and the process ends with status 1. Does not wait. */
    void refuse(String why) {
        if (refused.getCount() > 0) {
            LOG.error(why);
            refused.countDown();
        }
    }

    /** Waits until the process is to end by itself; a signal ends it without that. */
    void await() throws InterruptedException {
        refused.await();
    }

    private void run() {
        if (opened.getCount() == 0 && server.get() == null) {
            return; // the process ends by itself, with its own status
        }
        LOG.info("stopping");
        int status = end();
        Logging log = logging;
        if (log != null) {
            log.close();
        }
        // A signal would end the JVM with 128 + its number.
        Runtime.getRuntime().halt(status);
    }

    private int end() {
        try {
            if (!opened.await(OPEN_SECONDS, TimeUnit.SECONDS)) {
                LOG.info("stopped before it was up");
                return Main.EXIT_OK;
            }
            AutoCloseable running = server.get();
            return running == null ? Main.EXIT_FAILED : close(running);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Main.EXIT_FAILED;
        }
    }

    private int close(AutoCloseable running) throws InterruptedException {
        Thread closing = Thread.ofPlatform().name("stop-close").daemon(true).unstarted(() -> closeQuietly(running));
        closing.start();
        if (closing.join(Duration.ofSeconds(CLOSE_SECONDS))) {
            LOG.info("stopped");
            return refused.getCount() > 0 ? Main.EXIT_OK : Main.EXIT_FAILED;
        }
        LOG.warn("the stop took too long and is broken off; what is left is found by the next start", "limitSeconds", CLOSE_SECONDS);
        return Main.EXIT_FAILED;
    }

    private static void closeQuietly(AutoCloseable running) {
        try {
            running.close();
        } catch (Exception e) {
            LOG.error("not all of the server could be closed", e);
        }
    }
}
