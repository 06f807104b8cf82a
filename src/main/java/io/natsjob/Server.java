package io.natsjob;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Lease;
import io.natsjob.cluster.LeaseTimes;
import io.natsjob.config.Config;
import io.natsjob.config.Secret;
import io.natsjob.log.Log;
import io.natsjob.log.Logging;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.nats.PublishLink;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.result.IgnoredAnswers;
import io.natsjob.result.Retention;
import io.natsjob.store.Database;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The whole server: makes every long-lived object, starts them in order and stops them in reverse. A clean stop (SIGTERM, SIGINT) ends
 * with status 0 after what is claimed was sent and what was answered was written, at most about 40 s later.
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
    private final Retention retention;
    private final WebServer web;

    private Server(Config config, Links links, Database database, Consumer<String> refuse) {
        Clock clock = Clock.system();
        SteadyTime time = new SteadyTime(clock);
        this.database = database;
        this.link = links.control;
        this.publishing = links.publishing;
        this.setup = links.setup;
        this.election = new Election(identity(config, database), database, link, () -> publishing.connected() && setup.ready(), clock, refuse);
        LeaderContext context = new LeaderContext(database, new Leadership(database, time, election::tenureNumber), link, publishing, setup, new ResultsBucket(link),
                new IgnoredAnswers(time), clock, time, config.zone());
        this.leader = new LeaderLoop(context, election.lease());
        election.onChange(leader::wake);
        this.retention = new Retention(database, config.resultRetention(), config.tallyRetention(), time);
        this.web = new WebServer(webOptions(config, database), database, new ServerEngine(context, leader, election), clock);
    }

    /** Runs until the process is told to stop. Answers the exit status: 0 after a clean stop, 1 where it could not start or must not go on. */
    static int run(Config config) {
        Logging logging = Logging.start(config.log());
        config.warnings().forEach(LOG::warn);
        LOG.info("natsjob starts", "version", Version.text(), "zone", config.zone().getId(), "java", Runtime.version().toString());
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicInteger status = new AtomicInteger();
        Consumer<String> refuse = why -> {
            if (status.compareAndSet(0, 1)) {
                LOG.error(why);
                stopped.countDown();
            }
        };
        Server server;
        try {
            server = open(config, refuse);
        } catch (StoreException | UncheckedIOException e) {
            LOG.error(e.getMessage());
            logging.close();
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            LOG.info("stopping");
            server.close();
            LOG.info("stopped");
            logging.close();
            stopped.countDown();
            // A signal would end the JVM with 128 + its number; this was a clean stop.
            Runtime.getRuntime().halt(status.get());
        }));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return status.get();
    }

    /** The connections are dialled while the database opens: both take a while, and the first fire needs both. */
    private static Server open(Config config, Consumer<String> refuse) {
        StoreOptions store = new StoreOptions(config.databaseType(), config.databaseUrl().reveal(), config.resultBatchesInFlight());
        Links links = Links.dial(config);
        try {
            Database database = Database.open(store, Clock.system());
            try {
                OriginalImport.once(database, config.zone(), Clock.system().millis());
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
        leader.start();
        election.start();
        retention.start();
    }

    /** In reverse: no requests, then no fires, then the lease for another server (docs/rules.md 13), then no connections. */
    @Override
    public void close() {
        web.close();
        retention.close();
        leader.close();
        election.close();
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
            NatsSetup setup = new NatsSetup(control, new Infrastructure(control, config.streamMaxBytes()));
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
        if (config.signingKey().isPresent()) {
            return config.signingKey().get().reveal().getBytes(StandardCharsets.UTF_8);
        }
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String kept = database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, "signing-key", Base64.getEncoder().encodeToString(random)));
        return Base64.getDecoder().decode(kept);
    }
}
