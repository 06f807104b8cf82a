package io.natsjob;

import io.natsjob.cluster.Lease;
import io.natsjob.cluster.LeaseKeeper;
import io.natsjob.cluster.LeaseTimes;
import io.natsjob.cluster.NatsLease;
import io.natsjob.cluster.Standing;
import io.natsjob.cluster.Tenure;
import io.natsjob.log.Log;
import io.natsjob.nats.LeaderBucket;
import io.natsjob.nats.NatsLink;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** This server's part in the choice of the leader: its lease, whether it could lead at all, and what it does when it must not go on. */
final class Election implements Lease.Owner, AutoCloseable {
    /** A start gives the publishing connection this long before it leads without: a fire that is due meanwhile would be counted as nats-down. */
    private static final long NATS_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Log LOG = Log.of("server");

    /** Who this server is, and by which times it keeps its lease. */
    record Identity(Lease.Self self, String namespace, LeaseTimes times) {}

    private final Identity identity;
    private final Database database;
    private final BooleanSupplier natsReady;
    private final Clock clock;
    private final Consumer<String> refuse;
    private final long startedAt;
    private final Lease lease;
    private final LeaseKeeper keeper;
    private volatile Runnable listener = () -> { };
    private volatile boolean hasLed;

    /**
     * @param natsReady whether everything is there that a leader needs of NATS
     * @param refuse    told why this server must end; must not wait
     */
    Election(Identity identity, Database database, NatsLink link, BooleanSupplier natsReady, Clock clock, Consumer<String> refuse) {
        this.identity = identity;
        this.database = database;
        this.natsReady = natsReady;
        this.clock = clock;
        this.refuse = refuse;
        this.startedAt = clock.nanos();
        NatsLease port = new NatsLease(new LeaderBucket(link), identity.namespace, identity.self.serverId());
        this.lease = Lease.inNats(port, identity.self, identity.times, this, clock);
        this.keeper = new LeaseKeeper(lease);
        link.onConnected(keeper::wake);
    }

    void onChange(Runnable task) {
        listener = task;
    }

    void start() {
        LOG.info("stands for leader", "server", identity.self.serverId(), "namespace", identity.namespace, "leaseProfile", identity.times.name(),
                "leaseMs", identity.times.lease(), "deadlineMs", identity.times.deadline(), "retryMs", identity.times.retry());
        keeper.start();
    }

    Lease lease() {
        return lease;
    }

    String serverId() {
        return identity.self.serverId();
    }

    Standing standing() {
        return lease.standing();
    }

    /** 0 without a valid lease. */
    long tenureNumber() {
        Tenure tenure = lease.tenure();
        return tenure == null ? 0 : tenure.number();
    }

    @Override
    public OptionalLong termBefore() {
        if (!natsReady.getAsBoolean() && clock.nanos() - startedAt < NATS_WAIT_NANOS) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(database.read(LeaderTable::read).term());
        } catch (StoreException e) {
            LOG.debug("cannot lead without the database", "why", e.getMessage());
            return OptionalLong.empty();
        }
    }

    @Override
    public void changed() {
        hasLed |= lease.tenure() != null;
        listener.run();
    }

    /** One that has led goes on as a follower: its runs are open, and the other may be gone soon. */
    @Override
    public void otherDatabase(String holder) {
        if (!hasLed) {
            refuse.accept("this server must not go on: server " + holder + " leads on this NATS account with another database than " + database.describe()
                    + ". Two databases on one NATS account would lose each other's answers. Give this server the database of the other one (SQLite serves one server only: "
                    + "use PostgreSQL or MySQL for several), or a NATS account or server of its own (NATSJOB_NATS_URL)");
        }
    }

    /** Gives the lease back; to be closed when nothing of a leader runs any more. */
    @Override
    public void close() {
        keeper.close();
    }
}
