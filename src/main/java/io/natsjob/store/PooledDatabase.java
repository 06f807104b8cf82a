package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import io.natsjob.time.Loop;
import java.util.concurrent.TimeUnit;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A database server behind at most {@value #MAX_CONNECTIONS} connections (docs/rules.md 28), opened as they are needed: some that
 * read, and some that write, of which results leave one to people's edits and one to claims. While the server is away each
 * call fails fast; its return needs no help.
 */
final class PooledDatabase implements Database {
    static final int MAX_CONNECTIONS = 16;
    static final int READERS = 4;
    /** For a claim and an edit, whatever results do. */
    static final int RESERVED = 2;
    private static final TimeLimits MIGRATION_LIMITS = new TimeLimits(60_000, 600_000, 3_600_000, 60_000);
    private static final long TEND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long CLOSE_MILLIS = 10_000;
    private static final Log LOG = Log.of("store");

    private final ServerDialect dialect;
    private final int parallelBatches;
    private final Health health;
    private final Lane reads;
    private final Lane writes;
    private final Loop keeper;

    private PooledDatabase(ServerDialect dialect, int batchesInFlight, Clock clock, TimeLimits limits, RandomGenerator jitter) {
        this.dialect = dialect;
        this.health = new Health(clock);
        this.parallelBatches = Math.min(batchesInFlight, MAX_CONNECTIONS - READERS - RESERVED);
        this.reads = new Lane(dialect, new Lane.Plan(false, READERS, priority -> 0), clock, limits, health, jitter);
        this.writes = new Lane(dialect, new Lane.Plan(true, parallelBatches + RESERVED, PooledDatabase::keepFree), clock, limits, health, jitter);
        this.keeper = Loop.onVirtualThread("store-keeper", this::tend);
    }

    private static int keepFree(Priority priority) {
        return switch (priority) {
            case CLAIM -> 0;
            case EDIT -> 1;
            case ANSWERS, STEPS, RETENTION -> RESERVED;
        };
    }

    /** Brings the tables up to date first, on a connection of its own whose limits leave room for that. */
    static Database open(DatabaseAddress address, int batchesInFlight, Clock clock, TimeLimits limits, RandomGenerator jitter) {
        ServerDialect patient = dialect(address, MIGRATION_LIMITS);
        try (Session session = new Session(patient, true, clock, MIGRATION_LIMITS)) {
            Migrations.run(session, patient);
        }
        PooledDatabase database = new PooledDatabase(dialect(address, limits), batchesInFlight, clock, limits, jitter);
        database.keeper.start();
        return database;
    }

    /** One connection, read only. */
    static <T> T peek(DatabaseAddress address, Clock clock, Function<Sql, T> work) {
        try (Session session = new Session(dialect(address, TimeLimits.DEFAULT), false, clock, TimeLimits.DEFAULT)) {
            return session.transaction(false, work);
        }
    }

    /** @throws StoreException REJECTED for a URL that cannot be read, or has an option that is refused */
    static DatabaseAddress address(StoreOptions options) {
        try {
            return DatabaseAddress.parse(options.type(), options.url());
        } catch (IllegalArgumentException e) {
            throw new StoreException(StoreException.Kind.REJECTED, e.getMessage(), e);
        }
    }

    private static ServerDialect dialect(DatabaseAddress address, TimeLimits limits) {
        return switch (address.type()) {
            case MYSQL -> new MysqlDialect(address, limits);
            case POSTGRES -> new PostgresDialect(address, limits);
            case DM -> new DamengDialect(address, limits);
        };
    }

    private long tend() {
        reads.tend();
        writes.tend();
        return TEND_NANOS;
    }

    @Override
    public <T> T read(Function<Sql, T> work) {
        return reads.run(Priority.CLAIM, false, work);
    }

    @Override
    public <T> T write(Priority priority, Function<Sql, T> work) {
        return writes.run(priority, false, work);
    }

    @Override
    public <T> T writeDurably(Priority priority, Function<Sql, T> work) {
        return writes.run(priority, true, work);
    }

    @Override
    public int parallelBatches() {
        return parallelBatches;
    }

    /** Claims have a connection of their own, so that no batch needs to be short for them. */
    @Override
    public int batchRows() {
        return MAX_BATCH_ROWS;
    }

    @Override
    public void claimDueAt(long millis) {
        // Of no interest here: see batchRows.
    }

    @Override
    public Outage outage() {
        return health.outage();
    }

    @Override
    public OptionalLong clockAhead() {
        String question = dialect.clockQuestion();
        return question == null ? OptionalLong.empty() : OptionalLong.of(reads.run(Priority.CLAIM, false, sql -> ahead(sql, question)));
    }

    /** By what is sure: the answer was made at some time between the question and its arrival. */
    private static long ahead(Sql sql, String question) {
        long asked = sql.clock().millis();
        long there = sql.one(question, row -> row.longAt(1)).orElseThrow();
        long answered = sql.clock().millis();
        return there > answered ? there - answered : Math.min(0, there - asked);
    }

    @Override
    public String describe() {
        return dialect.describe();
    }

    @Override
    public void close() {
        keeper.close();
        boolean all = reads.close(CLOSE_MILLIS) & writes.close(CLOSE_MILLIS);
        if (!all) {
            LOG.warn("not every database connection ended in time; the rest end with the process", "millis", CLOSE_MILLIS);
        }
    }
}
