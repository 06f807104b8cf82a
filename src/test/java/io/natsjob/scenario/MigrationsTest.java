package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.DatabaseProxy;
import io.natsjob.testkit.DatabaseProxy.Fate;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.Ports;
import io.natsjob.testkit.ServerProcess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of a database server are made once and whole, by processes that start together or are killed at it. */
@Tag("database")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class MigrationsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long HELD_MILLIS = 30_000;

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void two_processes_that_start_at_once_on_an_empty_database_both_come_up(Base base) throws SQLException {
        int rounds = Scene.size("verify.rounds", 2);
        Verdict verdict = new Verdict("migrations: two servers at once on an empty database, " + rounds + " times, " + base);
        Tables tables = new Tables(base);
        for (int round = 1; round <= rounds; round++) {
            String name = base.shared().create();
            try (ServerProcess one = process(base, base.shared().goUrl(name)); ServerProcess two = process(base, base.shared().goUrl(name))) {
                one.launch();
                two.launch();
                one.awaitReady();
                two.awaitReady();
                verdict.equal("round " + round, tables.whole(), seen(base, name, tables));
                verdict.equal("round " + round + ", errors told", 0, errors(one) + errors(two));
            }
            base.shared().drop(name);
        }
        verdict.done();
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void a_process_killed_in_the_middle_of_a_migration_leaves_what_the_next_start_completes(Base base) throws SQLException {
        Tables tables = new Tables(base);
        List<String> points = new ArrayList<>(tables.statements());
        points.add("INSERT INTO natsjob_version");
        int most = Scene.size("verify.points", 2);
        List<Integer> chosen = IntStream.range(0, points.size()).filter(i -> i % Math.max(1, points.size() / most) == 0 || i == points.size() - 1).boxed().toList();
        Verdict verdict = new Verdict("migrations: killed at " + chosen.size() + " of " + points.size() + " statements, " + base);
        for (int i : chosen) {
            String name = base.shared().create();
            killedAt(base, name, points.get(i));
            verdict.told("left by the kill before statement " + i, seen(base, name, tables));
            try (ServerProcess next = process(base, base.shared().goUrl(name)).start()) {
                verdict.equal("after the next start", tables.whole(), seen(base, name, tables));
                verdict.equal("errors told", 0, errors(next));
            }
            base.shared().drop(name);
        }
        verdict.done();
    }

    private static void killedAt(Base base, String name, String point) {
        try (DatabaseProxy proxy = new DatabaseProxy(base.shared()); ServerProcess dying = process(base, proxy.goUrl(name))) {
            proxy.plan((statement, earlier) -> statement.startsWith(point) ? new Fate.Hold() : new Fate.Pass());
            dying.launch();
            proxy.awaitHeld(HELD_MILLIS);
            dying.kill9();
        }
    }

    /** The dead process's statement still waits inside the server when the next process starts. */
    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void a_start_waits_for_what_a_killed_one_has_under_way_in_the_database_and_then_fires(Base base) throws SQLException {
        Verdict verdict = new Verdict("migrations: killed while the database works on a statement, " + base);
        Tables tables = new Tables(base);
        String name = base.shared().create();
        try (NatsServer nats = NatsServer.create().start(); Connection blocking = base.shared().connect(name);
                Connection watching = base.shared().connect(name);
                ServerProcess dying = process(base, base.shared().goUrl(name)); ServerProcess next = ServerProcess.create(nats.url());
                FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.first")) {
            block(base, blocking);
            dying.launch();
            Eventually.awaitEqual("the migration waits in the database", LIMIT, true, () -> waits(base, name, watching));
            dying.kill9();
            next.setting("NATSJOB_DB_TYPE", base.type()).setting("NATSJOB_DB_URL", base.shared().goUrl(name)).launch();
            Eventually.awaitEqual("the next start has connected", LIMIT, true, () -> sessions(base, name, watching) > (base == Base.POSTGRES ? 1 : 0));
            unblock(base, blocking);
            next.awaitReady();
            verdict.equal("after the next start", tables.whole(), seen(base, name, tables));
            next.login().post("jobs", new JsonObject().add("namespace", "app").add("app", "biz").add("name", "first").add("schedule", "* * * * * *")).expect(201);
            Eventually.await("a fire", LIMIT, () -> worker.count() > 0);
            verdict.equal("exit status of a clean stop", 0, next.stop());
        }
        base.shared().drop(name);
        verdict.done();
    }

    /** So that the tables are nearly made, and then not. */
    private static void block(Base base, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (base == Base.POSTGRES) {
                connection.setAutoCommit(false);
                statement.execute("CREATE TABLE natsjob_run (id BIGINT)");
            } else {
                statement.execute("CREATE TABLE natsjob_version (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)");
                statement.execute("LOCK TABLES natsjob_version READ");
            }
        }
    }

    private static void unblock(Base base, Connection connection) throws SQLException {
        if (base == Base.POSTGRES) {
            connection.rollback();
        } else {
            try (Statement statement = connection.createStatement()) {
                statement.execute("UNLOCK TABLES");
            }
        }
    }

    private static boolean waits(Base base, String name, Connection watching) throws SQLException {
        return number(watching, base == Base.POSTGRES
                ? "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '" + name + "' AND wait_event_type = 'Lock'"
                : "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" + name + "' AND state LIKE 'Waiting for table%'") == 1;
    }

    /** Of natsjob; PostgreSQL's includes the dead one, which MariaDB ends at once. */
    private static long sessions(Base base, String name, Connection watching) throws SQLException {
        return number(watching, base == Base.POSTGRES ? "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '" + name + "' AND application_name = 'natsjob'"
                : "SELECT COUNT(*) - 2 FROM information_schema.processlist WHERE db = '" + name + "'");
    }

    private static long number(Connection watching, String sql) throws SQLException {
        try (Statement statement = watching.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void tables_that_are_not_whole_are_seen(Base base) throws SQLException {
        Verdict verdict = new Verdict("migrations: damage on purpose is seen, " + base);
        Tables tables = new Tables(base);
        String name = base.shared().create();
        try (ServerProcess server = process(base, base.shared().goUrl(name)).start(); Connection connection = base.shared().connect(name);
                Statement statement = connection.createStatement()) {
            verdict.equal("undamaged", tables.whole(), tables.seen(connection));
            verdict.equal("exit status of a clean stop", 0, server.stop());
            statement.execute("INSERT INTO natsjob_version (version, applied_at) VALUES (0, 0)");
            verdict.equal("a version twice: seen", false, tables.whole().equals(tables.seen(connection)));
            statement.execute("DELETE FROM natsjob_version WHERE version = 0");
            verdict.equal("mended", tables.whole(), tables.seen(connection));
            statement.execute("DROP TABLE natsjob_parked");
            verdict.equal("a table missing: seen", false, tables.whole().equals(tables.seen(connection)));
        }
        base.shared().drop(name);
        verdict.done();
    }

    /** Not started. Without NATS: it has nothing to do with the tables. */
    private static ServerProcess process(Base base, String url) {
        return ServerProcess.create("nats://127.0.0.1:" + Ports.free()).setting("NATSJOB_DB_TYPE", base.type()).setting("NATSJOB_DB_URL", url);
    }

    private static String seen(Base base, String name, Tables tables) throws SQLException {
        try (Connection connection = base.shared().connect(name)) {
            return tables.seen(connection);
        }
    }

    private static long errors(ServerProcess process) {
        return process.output().lines().filter(line -> line.contains(" ERROR ")).count();
    }
}
