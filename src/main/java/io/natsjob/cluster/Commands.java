package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.nats.NatsException;
import io.natsjob.nats.Requests;
import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.protocol.Envelope;
import io.natsjob.protocol.Subjects;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * What servers of one database say to each other over NATS (docs/rules.md 37): commands to whoever leads, sealed, and the news that
 * something was edited, which carries nothing and so needs no seal.
 */
public final class Commands {
    private static final String LEADER = Subjects.server("leader");
    private static final String CHANGED = Subjects.server("changed");
    /** What comes sooner after a look waits for the rest of it, all together. */
    private static final long CHANGE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Log LOG = Log.of("cluster");

    private final Requests requests;
    private final Seal seal;
    private final LongSupplier term;
    private final Clock clock;
    private final AtomicLong unsealed = new AtomicLong();

    /** @param term of this server, 0 while it does not lead */
    public Commands(Requests requests, Seal seal, LongSupplier term, Clock clock) {
        this.requests = requests;
        this.seal = seal;
        this.term = term;
        this.clock = clock;
    }

    /**
     * Has the leader carry out {@code command}.
     *
     * @throws NatsException REFUSED with code 503 where no server leads; NO_ANSWER where the leader's answer did not come within the
     *                       limit, so that nobody knows whether it was done; NOT_CONNECTED
     */
    public CommandReply ask(Command command, Duration limit) {
        Envelope request = seal.request(term.getAsLong(), command.json());
        byte[] answer = requests.ask(LEADER, request.json(), limit);
        try {
            return CommandReply.parse(seal.openReply(answer, request).orElseThrow(() -> new IllegalArgumentException("not sealed by a server of this database")).body());
        } catch (IllegalArgumentException e) {
            LOG.warn("the leader's answer cannot be read", "why", e.getMessage());
            return new CommandReply.Refused(CommandReply.Refused.FAILED, "the leader's answer cannot be read: " + e.getMessage());
        }
    }

    /**
     * Carries out commands from now on until it is closed; to be called by the leader.
     *
     * @param leader told the id of the server that asks, and what
     */
    public Requests.Service serve(BiFunction<String, Command, CommandReply> leader) {
        return requests.serve(LEADER, payload -> seal.openRequest(payload).or(this::count).flatMap(request -> reply(request, leader)));
    }

    private Optional<byte[]> reply(Envelope request, BiFunction<String, Command, CommandReply> leader) {
        long own = term.getAsLong();
        if (own == 0 || request.term() > own) {
            // Another leads: its answer counts.
            return Optional.empty();
        }
        CommandReply reply;
        try {
            reply = leader.apply(request.from(), Command.parse(request.body()));
        } catch (IllegalArgumentException e) {
            reply = new CommandReply.Refused(CommandReply.Refused.FAILED, "the leader does not know this command: " + e.getMessage());
        }
        return Optional.of(seal.reply(request, own, reply.json()).json());
    }

    private Optional<Envelope> count() {
        long count = unsealed.incrementAndGet();
        LOG.debug("a command without a valid seal was not carried out", "sinceStart", count);
        return Optional.empty();
    }

    /** Tells the leader that something was edited; without an answer, for it looks by itself too. */
    public void announceChange() {
        requests.announce(CHANGED, new byte[0]);
    }

    /** Runs {@code task} after each time a server has edited something, at most once in {@link #CHANGE_NANOS}: anybody may shout here. */
    public Requests.Service onChange(Runnable task) {
        AtomicLong last = new AtomicLong(clock.nanos() - CHANGE_NANOS);
        AtomicBoolean waiting = new AtomicBoolean();
        return requests.serve(CHANGED, from -> {
            if (waiting.compareAndSet(false, true)) {
                for (long left = rest(last); left > 0; left = rest(last)) {
                    LockSupport.parkNanos(left);
                }
                last.set(clock.nanos());
                // Before the look: what is told from here on may not be seen by it.
                waiting.set(false);
                task.run();
            }
            return Optional.empty();
        });
    }

    private long rest(AtomicLong last) {
        return last.get() + CHANGE_NANOS - clock.nanos();
    }
}
