package io.natsjob.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.natsjob.log.Log;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Questions and announcements among servers, on core subjects. A service listens again after each reconnection. What is said while
 * the other side is not there is lost; a question without a listener fails at once.
 */
public final class Requests {
    /** Questions under way in one service; more go unanswered. */
    static final int AT_ONCE = 64;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(1);
    private static final Log LOG = Log.of("nats");

    private final NatsLink link;
    private final List<Service> services = new CopyOnWriteArrayList<>();

    public Requests(NatsLink link) {
        this.link = link;
        link.onConnected(() -> services.forEach(service -> service.listen(link.live())));
    }

    /** Listens until it is closed. */
    public final class Service implements AutoCloseable {
        private final String subject;
        private final Function<byte[], Optional<byte[]>> answer;
        private final Semaphore room = new Semaphore(AT_ONCE);
        private long incarnation;
        private Connection connection;
        private Dispatcher dispatcher;
        private boolean closed;

        private Service(String subject, Function<byte[], Optional<byte[]>> answer) {
            this.subject = subject;
            this.answer = answer;
        }

        private synchronized void listen(Live live) {
            if (closed || live == null || live.incarnation() == incarnation) {
                return;
            }
            try {
                connection = live.connection();
                dispatcher = connection.createDispatcher(message -> take(live, message));
                dispatcher.subscribe(subject);
                incarnation = live.incarnation();
            } catch (IllegalStateException e) {
                LOG.debug("cut while a subject was subscribed, the next connection does it", "subject", subject);
            }
        }

        private void take(Live live, Message message) {
            if (!room.tryAcquire()) {
                LOG.debug("too many questions at once, one goes unanswered", "subject", subject, "limit", AT_ONCE);
                return;
            }
            Thread.ofVirtual().name("answer-" + subject).start(() -> {
                try {
                    Optional<byte[]> reply = answer.apply(message.getData());
                    if (reply.isPresent() && message.getReplyTo() != null) {
                        live.connection().publish(message.getReplyTo(), reply.get());
                    }
                } catch (IllegalStateException e) {
                    LOG.debug("cut before a question was answered", "subject", subject);
                } catch (RuntimeException e) {
                    LOG.error("a question could not be answered", e, "subject", subject);
                } finally {
                    room.release();
                }
            });
        }

        /** Listens no more. What NATS has handed over by then is taken and answered, for whoever asked would wait in vain; waits for that a second at most. */
        @Override
        public synchronized void close() {
            closed = true;
            services.remove(this);
            if (dispatcher != null && connection.getStatus() == Connection.Status.CONNECTED) {
                try {
                    dispatcher.drain(DRAIN_LIMIT).get(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                } catch (IllegalStateException | ExecutionException | TimeoutException e) {
                    LOG.debug("cut while a subject was left", "subject", subject);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * Answers what comes on {@code subject}, each message on a virtual thread.
     *
     * @param answer nothing: no answer is given
     */
    public Service serve(String subject, Function<byte[], Optional<byte[]>> answer) {
        Service service = new Service(subject, answer);
        services.add(service);
        service.listen(link.live());
        return service;
    }

    /**
     * The first answer.
     *
     * @throws NatsException REFUSED with code 503 where nobody listens, NO_ANSWER after {@code limit}, NOT_CONNECTED
     */
    public byte[] ask(String subject, byte[] question, Duration limit) {
        return JsApi.ask(link.live(), "server", subject, question, limit);
    }

    /** Says it to whoever listens now; false where NATS is not connected. */
    public boolean announce(String subject, byte[] news) {
        Live live = link.live();
        if (live == null) {
            return false;
        }
        try {
            live.connection().publish(subject, news);
            return true;
        } catch (IllegalStateException e) {
            LOG.debug("cut before an announcement", "subject", subject);
            return false;
        }
    }
}
