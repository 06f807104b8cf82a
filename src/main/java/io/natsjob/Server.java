package io.natsjob;

import io.natsjob.cluster.Commands;
import io.natsjob.cluster.Heartbeats;
import io.natsjob.cluster.LeaderClock;
import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Lease;
import io.natsjob.cluster.LeaseTimes;
import io.natsjob.cluster.OwnServer;
import io.natsjob.cluster.Seal;
import io.natsjob.config.Config;
import io.natsjob.config.Secret;
import io.natsjob.log.Log;
import io.natsjob.log.Logging;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.nats.PublishLink;
import io.natsjob.nats.Requests;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.result.IgnoredAnswers;
import io.natsjob.result.Retention;
import io.natsjob.store.Database;
import io.natsjob.store.OriginalZone;
import io.natsjob.store.Priority;
import io.natsjob.store.SettingTable;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreOptions;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import io.natsjob.web.WebOptions;
import io.natsjob.web.WebServer;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The whole server: makes every long-lived object, starts them in order and stops them in reverse. A clean stop (SIGTERM, SIGINT) ends
 * with status 0 after what is claimed was sent and what was answered was written; {@link Stop} has the limits.
 */
final class Server implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final Log LOG = Log.of("server");

    private final Database database;
    private final NatsLink link;
    private final PublishLink publishing;
    private final NatsSetup setup;
    private final Election election;
    private final LeaderLoop leader;
    private final LeaseRequests leaseRequests;
    private final Retention retention;
    private final Heartbeats heartbeats;
    private final OwnServer own;
    private final ClockCheck clocks;
    private final LeaderClock leaderClock;
    private final WebServer web;

    private Server(Config config, Links links, Database database, Consumer<String> refuse) {
        Clock clock = Clock.system();
        SteadyTime time = new SteadyTime(clock);
        this.database = database;
        this.link = links.control;
        this.publishing = links.publishing;
        this.setup = links.setup;
        Election.Identity identity = identity(config, database);
        this.election = new Election(identity, database, link, () -> publishing.connected() && setup.ready(), clock, refuse);
        Leadership leadership = new Leadership(database, time, election::tenureNumber);
        Commands commands = new Commands(new Requests(link), new Seal(shared(database, "command-key"), election.serverId(), clock), leadership::number, clock);
        Heartbeats.Registries seen = Heartbeats.Registries.empty(time);
        this.heartbeats = new Heartbeats(link, seen, clock, time, setup::again);
        LeaderContext context = new LeaderContext(database, leadership, link, publishing, setup, new ResultsBucket(link),
                new IgnoredAnswers(time), seen.workers(), commands, clock, time, config.zone(), config.resultRetention(), config.resultKeyPreset());
        this.leader = new LeaderLoop(context, election.lease());
        election.onChange(leader::wake);
        this.leaseRequests = new LeaseRequests(commands, database, election::standing);
        this.retention = new Retention(database, config.resultRetention(), config.tallyRetention(), time);
        this.own = new OwnServer(new OwnServer.Identity(election.serverId(), config.namespace(), Version.text(), identity.self().database()), leadership, link, time);
        this.leaderClock = new LeaderClock(seen.servers(), election.serverId(), clock);
        this.clocks = new ClockCheck(database, clock);
        ServerEngine engine = new ServerEngine(context, leader, election, new ClusterView(seen, own), new Troubles(context, clocks, leaderClock));
        this.web = new WebServer(webOptions(config, database), database, engine, clock);
    }

    /** Runs until the process is told to stop. Answers the exit status: 0 after a clean stop, 1 where it could not start or must not go on. */
    static int run(Config config) {
        Stop stop = Stop.onSignal();
        Logging logging = Logging.start(config.log());
        stop.logsTo(logging);
        config.warnings().forEach(LOG::warn);
        LOG.info("natsjob starts", "version", Version.text(), "zone", config.zone().getId(), "java", Runtime.version().toString());
        try {
            stop.opened(open(config, stop::refuse));
        } catch (StoreException | UncheckedIOException e) {
            stop.failed();
            LOG.error(e.getMessage());
            logging.close();
            return 1;
        } catch (RuntimeException e) {
            stop.failed();
            throw e;
        }
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Main.EXIT_FAILED;
    }

    /** The connections are dialled while the database opens: both take a while, and the first fire needs both. */
    private static Server open(Config config, Consumer<String> refuse) {
        StoreOptions store = new StoreOptions(config.databaseType(), config.databaseUrl().reveal(), config.resultBatchesInFlight());
        Links links = Links.dial(config);
        try {
            Database database = Database.open(store, Clock.system());
            try {
                OriginalImport.once(database, OriginalZone.of(store, config.zone()), Clock.system().millis());
                Server server = new Server(config, links, database, refuse);
                server.start(config);
                return server;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            links.close();
            throw e;
        }
    }

    private void start(Config config) {
        try {
            web.start();
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(e.getMessage() + ". Set NATSJOB_HTTP_PORT (now " + config.httpPort() + ") or NATSJOB_HTTP_BIND", e.getCause());
        }
        heartbeats.start();
        own.start();
        clocks.start();
        leaderClock.start();
        leader.start();
        election.start();
        leaseRequests.start();
        retention.start();
    }

    /** In reverse: no requests, then no fires, then the lease for another server (docs/rules.md 13), then no connections. */
    @Override
    public void close() {
        web.close();
        retention.close();
        leaseRequests.close();
        leader.close();
        election.close();
        clocks.close();
        leaderClock.close();
        own.close();
        heartbeats.close();
        setup.close();
        publishing.close();
        link.close();
        database.close();
    }

    /** The connections to NATS. */
    private record Links(NatsLink control, PublishLink publishing, NatsSetup setup) {
        static Links dial(Config config) {
            var nats = config.nats();
            NatsOptions options = new NatsOptions(nats.servers(), nats.user(), reveal(nats.password()), reveal(nats.token()), "natsjob");
            NatsLink control = new NatsLink(options, Clock.system());
            PublishLink publishing = new PublishLink(options, Clock.system());
            NatsSetup setup = new NatsSetup(control, new Infrastructure(control, config.streamMaxBytes(), config.natsReplicas()));
            setup.start();
            control.start();
            publishing.start();
            return new Links(control, publishing, setup);
        }

        private static String reveal(Secret secret) {
            return secret == null ? null : secret.reveal();
        }

        void close() {
            setup.close();
            publishing.close();
            control.close();
        }
    }

    private static WebOptions webOptions(Config config, Database database) {
        WebOptions.Login login = new WebOptions.Login(config.loginUser(), config.loginPassword().reveal(), config.defaultPassword(),
                (int) config.loginLife().toHours(), signingKey(config, database));
        return new WebOptions(config.httpBind(), config.httpPort(), login, config.zone(), Version.text(), config.namespace());
    }

    /** The id of the server is new for each start, that of the database is made at its first. */
    private static Election.Identity identity(Config config, Database database) {
        String made = randomId();
        String kept = database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, "database-id", made));
        Lease.Self self = new Lease.Self(randomId(), kept, database.lockKey());
        return new Election.Identity(self, config.namespace(), LeaseTimes.named(config.leaseProfile()));
    }

    private static String randomId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The set one, else one made at first start and kept in the database, so that all its servers share it. */
    private static byte[] signingKey(Config config, Database database) {
        return config.signingKey().map(set -> set.reveal().getBytes(StandardCharsets.UTF_8)).orElseGet(() -> shared(database, "signing-key"));
    }

    /** A random key, made at first start and kept in the database, so that all its servers share it. */
    private static byte[] shared(Database database, String name) {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String kept = database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, name, Base64.getEncoder().encodeToString(random)));
        return Base64.getDecoder().decode(kept);
    }
}
