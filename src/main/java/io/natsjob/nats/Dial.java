package io.natsjob.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections that are never reconnected. The client's own reconnect would send what still sits in its queue
 * (docs/rules.md 18) and gives up for good after the same login error twice; a new connection does neither.
 */
final class Dial {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(5);
    /** Messages that may wait for the socket; publishing then waits, at most {@link #PUSH_LIMIT}. */
    private static final int MAX_OUTGOING = 5_000;
    private static final Duration PUSH_LIMIT = Duration.ofSeconds(2);
    /** Other servers of the cluster that are remembered. */
    private static final int MAX_DISCOVERED = 16;
    private static final int STOP_SECONDS = 2;

    /**
     * @param role         for logs and the client's name
     * @param pingInterval of the client; a dead connection is found after it times {@code maxPingsOut}
     * @param abort        a close throws away what the kernel has not sent yet
     */
    record Settings(String role, Duration pingInterval, int maxPingsOut, boolean abort) {}

    private final NatsOptions options;
    private final Settings settings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledThreadPoolExecutor timers;
    private volatile List<String> discovered = List.of();

    Dial(NatsOptions options, Settings settings) {
        this.options = options;
        this.settings = settings;
        this.timers = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("nats-timer-" + settings.role()).factory());
        timers.setRemoveOnCancelPolicy(true);
    }

    /** Threads for the link's own short tasks too. */
    ExecutorService threads() {
        return threads;
    }

    ScheduledThreadPoolExecutor timers() {
        return timers;
    }

    /**
     * Tries each server once, at most two seconds each.
     *
     * @throws IOException where none takes the connection
     */
    Live connect(long incarnation, AsyncErrors.Attempt errors) throws IOException, InterruptedException {
        CompletableFuture<Void> cut = new CompletableFuture<>();
        Connection connection = Nats.connect(build(errors, cut));
        errors.succeeded();
        discovered = connection.getServerInfo().getConnectURLs().stream().limit(MAX_DISCOVERED).toList();
        return new Live(incarnation, connection, cut);
    }

    private Options build(AsyncErrors.Attempt errors, CompletableFuture<Void> cut) {
        Options.Builder builder = new Options.Builder()
                .servers(servers().toArray(String[]::new)).noRandomize()
                .connectionName(options.name() + "-" + settings.role())
                .maxReconnects(0).reconnectBufferSize(0)
                .connectionTimeout(CONNECT_LIMIT).socketWriteTimeout(WRITE_LIMIT)
                .pingInterval(settings.pingInterval()).maxPingsOut(settings.maxPingsOut())
                .maxMessagesInOutgoingQueue(MAX_OUTGOING).writeQueuePushTimeout(PUSH_LIMIT)
                .reportNoResponders()
                .executor(threads).scheduledExecutor(timers)
                .connectThreadFactory(Thread.ofVirtual().factory()).callbackThreadFactory(Thread.ofVirtual().factory())
                .errorListener(errors).connectionListener(cutAfterConnected(cut));
        if (settings.abort()) {
            builder.socketSoLinger(0);
        }
        if (options.user() != null) {
            builder.userInfo(options.user(), options.password() == null ? "" : options.password());
        } else if (options.token() != null) {
            builder.token(options.token().toCharArray());
        }
        return builder.build();
    }

    /** An attempt that goes through several servers reports a disconnection for each that failed: those are no cut. */
    private static ConnectionListener cutAfterConnected(CompletableFuture<Void> cut) {
        boolean[] wasConnected = new boolean[1];
        return (connection, event) -> {
            if (event == Events.CONNECTED) {
                wasConnected[0] = true;
            } else if (wasConnected[0] && (event == Events.DISCONNECTED || event == Events.CLOSED)) {
                cut.complete(null);
            }
        };
    }

    private List<String> servers() {
        List<String> all = new ArrayList<>(options.servers());
        String first = all.get(0);
        String scheme = first.contains("://") ? first.substring(0, first.indexOf("://") + 3) : "nats://";
        for (String known : discovered) {
            if (all.stream().noneMatch(s -> s.endsWith(known))) {
                all.add(scheme + known);
            }
        }
        return all;
    }

    void close() throws InterruptedException {
        timers.shutdownNow();
        threads.shutdown();
        if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }
}
