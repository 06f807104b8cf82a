package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.DatabaseProxy;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A NATS server, a natsjob server, and jobs that fire every second of a window. */
final class Scene implements AutoCloseable {
    private static final String QUEUE = "worker-queue";

    /** A second is claimed so long before, with a margin. */
    private static final long CLAIMED_AHEAD_MILLIS = 1_000;

    final NatsServer nats;
    final DatabaseOfScene database;
    final ServerProcess server;
    /** Epoch milliseconds of the first and the last fire. */
    long from;
    long to;
    FakeWorker worker;

    Scene() {
        this(Base.SQLITE);
    }

    Scene(Base base) {
        this(firstNats(), DatabaseOfScene.create(base));
    }

    /** natsjob reaches its database server through a {@link #proxy}. */
    static Scene throughProxy(Base base) {
        return new Scene(firstNats(), DatabaseOfScene.throughProxy(base));
    }

    /** On this database. */
    static Scene on(DatabaseOfScene database) {
        return new Scene(firstNats(), database);
    }

    /** On the nats-server {@code binary}. */
    Scene(Path binary) {
        this(binary, DatabaseOfScene.create(Base.SQLITE));
    }

    private static Path firstNats() {
        return NatsServer.binaries().findFirst().orElseThrow();
    }

    /** On this NATS server, which is not started yet and ends with the scene. */
    static Scene on(NatsServer nats, DatabaseOfScene database) {
        return new Scene(nats, database);
    }

    private Scene(Path binary, DatabaseOfScene database) {
        this(NatsServer.create().binary(binary), database);
    }

    private Scene(NatsServer nats, DatabaseOfScene database) {
        this.database = database;
        this.nats = nats;
        nats.start();
        server = ServerProcess.create(nats.url());
        database.settings().forEach(server::setting);
        server.start();
        Group.awaitLeads(server, Duration.ofSeconds(20));
    }

    /** How many jobs or seconds, small in the normal run, by a system property in the full one. */
    static int size(String property, int normally) {
        return Integer.getInteger(property, normally);
    }

    Scene worker(String subjectModel) {
        worker = FakeWorker.connect(nats.url());
        if (subjectModel.equals("memory")) {
            worker.subscribe(QUEUE, "natsjob-void.job.start.app.biz.*");
        } else {
            worker.subscribeDurable("natsjob", "witness", QUEUE, "natsjob.job.start.app.biz.*");
        }
        return this;
    }

    /** Creates {@code jobs} jobs that fire at each of {@code seconds} seconds, beginning soon after the last was created. */
    List<String> everySecond(int jobs, int seconds, JsonObject more) {
        return everySecond(jobs, seconds, Map.of("every-second", more));
    }

    /** The same with {@code jobs} jobs of each kind, whose names begin with the kind's. */
    List<String> everySecond(int jobs, int seconds, Map<String, JsonObject> kinds) {
        HttpApi api = server.login();
        long now = System.currentTimeMillis();
        from = (now / 1_000 + 4 + jobs * kinds.size() / 50) * 1_000;
        to = from + (seconds - 1) * 1_000L;
        List<String> ids = new ArrayList<>();
        kinds.forEach((kind, more) -> {
            for (int i = 0; i < jobs; i++) {
                JsonObject job = new JsonObject().add("namespace", "app").add("app", "biz").add("name", kind + "-" + i).add("schedule", "* * * * * *")
                        .add("maxConcurrency", 10).add("startAt", from).add("endAt", to).merge(more);
                ids.add(api.post("/natsjob/api/v1/jobs", job).expect(201).text("id"));
            }
        });
        if (System.currentTimeMillis() > from - CLAIMED_AHEAD_MILLIS) {
            throw new AssertionError("this machine is too slow now: the " + ids.size() + " jobs were made in " + (System.currentTimeMillis() - now) + " ms, after their first fire was claimed");
        }
        return ids;
    }

    DatabaseProxy proxy() {
        return ((DatabaseOfScene.OnServer) database).proxy();
    }

    /** What the worker saw and what the database says now. */
    Ledger ledger(String runOutcomes) {
        try (Connection connection = database.connect(server)) {
            return Ledger.of(connection, worker, runOutcomes);
        } catch (SQLException e) {
            throw new AssertionError("cannot read " + database, e);
        }
    }

    /** Waits until {@code millis} after the epoch. */
    static void until(long millis) {
        Eventually.await("the time " + millis, Duration.ofMillis(Math.max(1, millis - System.currentTimeMillis()) + 5_000), () -> System.currentTimeMillis() >= millis);
    }

    /** Milliseconds. */
    static void pass(long millis) {
        until(System.currentTimeMillis() + millis);
    }

    static long percentile(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }

    static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close();
        }
        server.close();
        nats.close();
        database.close();
    }
}
