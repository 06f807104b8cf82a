package io.natsjob.nats;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a connection to NATS: each one lives until its first cut, then a new one is made, for ever. One log line for each
 * change, none for each try.
 */
final class Redial implements AutoCloseable {
    private static final Log LOG = Log.of("nats");
    /** Milliseconds after a cut: short and random, so that not all servers come at the same instant. */
    private static final int AFTER_CUT_MS = 50;
    private static final long FIRST_PAUSE_MS = 250;
    private static final long MAX_PAUSE_MS = 2_000;
    private static final long LOOK_MS = 500;
    /** Different problems logged between two connections. */
    private static final int MAX_SAID = 10;
    private static final long STOP_MS = 3_000;
    /**
     * How long a connection stays that lost a subscription, doubled each time: what needs none, such as jobs on memory subjects,
     * goes on meanwhile.
     */
    private static final long FIRST_CRIPPLED_MS = 2_000;
    private static final long MAX_CRIPPLED_MS = 60_000;

    /** Told on the dialling thread, in turn; must not wait. */
    interface Listener {
        void up(Live live);

        void down(Live live);
    }

    private final NatsOptions options;
    private final String role;
    private final Dial dial;
    private final Clock clock;
    private final Listener listener;
    private final AsyncErrors errors;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final Thread thread;
    private final AtomicInteger closing = new AtomicInteger();
    /** Logged since the last connection; the dialling thread's own. */
    private final Set<String> said = new HashSet<>();
    private long crippledMillis = FIRST_CRIPPLED_MS;
    private volatile Live live;
    private volatile NatsState state;

    Redial(NatsOptions options, Dial.Settings settings, Clock clock, Listener listener) {
        this.options = options;
        this.role = settings.role();
        this.dial = new Dial(options, settings);
        this.clock = clock;
        this.listener = listener;
        this.errors = new AsyncErrors(role, clock);
        this.state = new NatsState(false, null, null, false, "not connected yet", clock.millis());
        this.thread = Thread.ofVirtual().name("nats-dial-" + role).unstarted(this::run);
    }

    void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** The connection that stands, or null. */
    Live live() {
        Live current = live;
        return current != null && current.connected() ? current : null;
    }

    NatsState state() {
        return state;
    }

    AsyncErrors errors() {
        return errors;
    }

    Dial dial() {
        return dial;
    }

    /** Lost connections whose end has not come yet: one hangs for seconds in the socket of a frozen server. */
    int closing() {
        return closing.get();
    }

    /** Gives a connection up, so that a new one is made. Does not wait. */
    void drop(Live given) {
        given.cut().complete(null);
    }

    private void run() {
        long pause = FIRST_PAUSE_MS;
        long incarnation = 0;
        try {
            while (closed.getCount() > 0) {
                AsyncErrors.Attempt listening = errors.attempt();
                Live made = attempt(incarnation + 1, listening);
                if (made == null) {
                    closed.await(pause + ThreadLocalRandom.current().nextLong(pause / 4), TimeUnit.MILLISECONDS);
                    pause = Math.min(2 * pause, MAX_PAUSE_MS);
                } else {
                    incarnation++;
                    pause = FIRST_PAUSE_MS;
                    live(made, listening);
                    closed.await(1 + ThreadLocalRandom.current().nextInt(AFTER_CUT_MS), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            // only close() interrupts
            LOG.debug("dialling stopped", "link", role);
        }
    }

    private Live attempt(long incarnation, AsyncErrors.Attempt listening) throws InterruptedException {
        try {
            return dial.connect(incarnation, listening);
        } catch (IOException | RuntimeException e) {
            failed(Plain.connect(e, listening.seen(), options.servers()));
            return null;
        }
    }

    private void failed(String problem) {
        if (problem.equals(state.problem()) || closed.getCount() == 0) {
            return;
        }
        state = new NatsState(false, null, null, false, problem, clock.millis());
        // tries may fail in turns for two reasons, as with one server down and one frozen
        if (said.size() < MAX_SAID && said.add(problem)) {
            LOG.warn("NATS is not connected", "link", role, "problem", problem);
        }
    }

    /** From the making of a connection to its cut. */
    private void live(Live made, AsyncErrors.Attempt listening) throws InterruptedException {
        live = made;
        said.clear();
        state = stateOf(made);
        LOG.info("NATS connected", "link", role, "url", state.url(), "version", state.version());
        if (state.problem() != null) {
            LOG.warn("NATS is connected, but", "link", role, "problem", state.problem());
        }
        listener.up(made);
        try {
            awaitCut(made, listening);
        } finally {
            closing.incrementAndGet();
            live = null;
            made.cut().complete(null);
            state = new NatsState(false, null, null, false, "the connection to NATS was cut", clock.millis());
            if (closed.getCount() > 0) {
                LOG.warn("NATS connection lost", "link", role);
            }
            listener.down(made);
            // closing waits for a writer that may hang in a dead socket; the next connection does not
            dial.threads().execute(() -> closeQuietly(made));
        }
    }

    /** The client may drop the event of a cut while it closes, so its status is looked at too. */
    private void awaitCut(Live made, AsyncErrors.Attempt listening) throws InterruptedException {
        long madeAt = clock.nanos();
        while (made.connected()) {
            if (listening.subscriptionRefused() && crippled(clock.nanos() - madeAt)) {
                return;
            }
            try {
                made.cut().get(LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // still the same, as it should be
                continue;
            } catch (ExecutionException e) {
                throw new AssertionError("a cut has no cause", e);
            }
        }
    }

    /** Whether a connection that lost a subscription has lived long enough; the state says what is wrong until then. */
    private boolean crippled(long livedNanos) {
        if (state.problem() == null) {
            state = new NatsState(true, state.url(), state.version(), state.clustered(), Plain.SUBSCRIPTION_REFUSED, clock.millis());
            LOG.warn("NATS is connected, but", "link", role, "problem", state.problem());
        }
        if (livedNanos < TimeUnit.MILLISECONDS.toNanos(crippledMillis)) {
            return false;
        }
        // one that lived long without it was sound: the next starts from the shortest time
        crippledMillis = livedNanos > TimeUnit.MILLISECONDS.toNanos(2 * MAX_CRIPPLED_MS) ? FIRST_CRIPPLED_MS : Math.min(2 * crippledMillis, MAX_CRIPPLED_MS);
        return true;
    }

    private NatsState stateOf(Live made) {
        var info = made.connection().getServerInfo();
        String url = made.connection().getConnectedUrl();
        return new NatsState(true, url == null ? null : Plain.masked(url), info.getVersion(), info.getCluster() != null,
                info.isJetStreamAvailable() ? null : Plain.JETSTREAM_OFF, clock.millis());
    }

    private void closeQuietly(Live made) {
        try {
            made.connection().close();
        } catch (InterruptedException e) {
            // the link is closing and does not wait for a hanging socket
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("closing a lost connection", "link", role, "error", e);
        } finally {
            closing.decrementAndGet();
        }
    }

    /** Waits at most five seconds. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            if (started.get()) {
                thread.join(STOP_MS);
            }
            dial.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
