package io.natsjob;

import io.natsjob.cluster.Commands;
import io.natsjob.cluster.Standing;
import io.natsjob.log.Log;
import io.natsjob.nats.NatsException;
import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * While another server leads and this one's database works, asks every {@link #EVERY} for the lease. The leader hands it over only if its
 * own database has been away for long (docs/rules.md 14 and 37); else nothing comes of it.
 */
final class LeaseRequests implements AutoCloseable {
    static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Log LOG = Log.of("server");

    private final Commands commands;
    private final Database database;
    private final Supplier<Standing> standing;
    private final Loop loop = Loop.onVirtualThread("lease-requests", this::turn);

    LeaseRequests(Commands commands, Database database, Supplier<Standing> standing) {
        this.commands = commands;
        this.database = database;
        this.standing = standing;
    }

    void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private long turn() {
        if (standing.get().kind() == Standing.Kind.FOLLOWS && databaseWorks()) {
            ask();
        }
        return EVERY.toNanos();
    }

    /** This very moment: a follower uses its database little, so what was known of it may be old. */
    private boolean databaseWorks() {
        try {
            database.read(LeaderTable::read);
            return true;
        } catch (StoreException e) {
            LOG.debug("does not ask for the lease, the database does not answer", "why", e.getMessage());
            return false;
        }
    }

    private void ask() {
        try {
            if (commands.ask(new Command.Yield(), ANSWER_LIMIT) instanceof CommandReply.Yielded) {
                LOG.warn("the leader is without its database and hands the lease over", "leader", standing.get().detail());
            }
        } catch (NatsException e) {
            LOG.debug("the leader did not answer a request for the lease", "why", e.getMessage());
        }
    }
}
