package io.natsjob.nats;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Errors that the client reports outside any call: counted, and logged once a minute for each kind and text. They stop
 * nothing. Two are remembered: a refused subscription is gone for good, so what comes by it needs another connection; a refused
 * publish shows nowhere else.
 */
final class AsyncErrors {
    private static final Log LOG = Log.of("nats");
    private static final long QUIET_NANOS = 60_000_000_000L;
    /** Different texts remembered; when full the oldest is forgotten, so that one may be logged again too early. */
    private static final int MAX_KNOWN = 256;
    private static final long SEEN_LIMIT_MS = 200;
    /** Characters of a text that tell it from others. */
    private static final int MAX_TEXT = 200;
    private static final String SUBSCRIPTION_REFUSED = "permissions violation for subscription";
    private static final Pattern PUBLISH_REFUSED = Pattern.compile("(?i)permissions violation for publish to \"?([^\"\\s]{1,200})\"?.*");
    /** Nanoseconds for which a refused publish is shown: NATS tells it at each try only, and a job may fire seldom. */
    static final long REFUSAL_SHOWN_NANOS = 600_000_000_000L;

    private record Refusal(String subject, long atNanos) {}

    private final String link;
    private final Clock clock;
    private final AtomicLong count = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> loggedAt = new LinkedHashMap<>();
    private volatile Refusal refusal;

    AsyncErrors(String link, Clock clock) {
        this.link = link;
        this.clock = clock;
    }

    long count() {
        return count.get();
    }

    /** The subject on which NATS has refused a publish of the present connection within the last ten minutes, the newest one, or null. */
    String refusedSubject() {
        Refusal last = refusal;
        return last == null || clock.nanos() - last.atNanos >= REFUSAL_SHOWN_NANOS ? null : last.subject;
    }

    void report(String kind, String text) {
        count.incrementAndGet();
        String cut = Plain.masked(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
        if (due(kind + " " + cut)) {
            LOG.warn("NATS reports an error", "link", link, "kind", kind, "text", cut);
        }
    }

    private boolean due(String key) {
        long now = clock.nanos();
        lock.lock();
        try {
            Long last = loggedAt.get(key);
            if (last != null && now - last < QUIET_NANOS) {
                return false;
            }
            loggedAt.remove(key);
            if (loggedAt.size() >= MAX_KNOWN) {
                loggedAt.remove(loggedAt.keySet().iterator().next());
            }
            loggedAt.put(key, now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Listens to one attempt and, when it succeeded, to its connection. */
    Attempt attempt() {
        return new Attempt();
    }

    final class Attempt implements ErrorListener {
        private volatile boolean connected;
        private volatile boolean subscriptionRefused;
        private final CompletableFuture<Exception> seen = new CompletableFuture<>();

        /**
         * The first exception before the connection stood, or null. The client hands it over on a thread of its own, often
         * after the attempt has ended: waits for it, at most {@value #SEEN_LIMIT_MS} ms.
         */
        Exception seen() throws InterruptedException {
            try {
                return seen.get(SEEN_LIMIT_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // none came: the caller has the failure of the attempt itself
                return null;
            }
        }

        /** From now on errors are of a living connection; what a former one was refused may be allowed now. */
        void succeeded() {
            refusal = null;
            connected = true;
        }

        /** Whether NATS took a subscription of this connection away, or refused it: the client does not notice. */
        boolean subscriptionRefused() {
            return subscriptionRefused;
        }

        @Override
        public void errorOccurred(Connection connection, String error) {
            subscriptionRefused |= error.toLowerCase(Locale.ROOT).startsWith(SUBSCRIPTION_REFUSED);
            if (connected) {
                Matcher publish = PUBLISH_REFUSED.matcher(error);
                if (publish.matches()) {
                    refusal = new Refusal(publish.group(1), clock.nanos());
                }
                report("error", error);
            }
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception error) {
            if (!connected) {
                seen.complete(error);
            } else if (error instanceof IOException || error instanceof InterruptedException) {
                // the end of this connection, which the link itself reports
                LOG.debug("connection ends", "link", link, "error", error);
            } else {
                report("exception", error.toString());
            }
        }

        @Override
        public void slowConsumerDetected(Connection connection, Consumer consumer) {
            report("slow-consumer", "messages dropped before they were read: " + consumer.getDroppedCount() + " so far");
        }

        @Override
        public void messageDiscarded(Connection connection, Message message) {
            report("discarded", message.getSubject());
        }

        @Override
        public void socketWriteTimeout(Connection connection) {
            report("write-timeout", "the server takes no bytes");
        }
    }
}
