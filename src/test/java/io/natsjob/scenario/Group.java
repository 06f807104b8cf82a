package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.DatabaseProxy;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two natsjob servers on one PostgreSQL database and one NATS, a worker with a ledger, and jobs that fire every second. */
final class Group implements AutoCloseable {
    static final String LEADS = "this server leads";
    private static final DateTimeFormatter WIRE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    private static final DateTimeFormatter LOGGED = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSXXX");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final NatsServer nats;
    final List<ServerProcess> servers;
    final FakeWorker worker;
    private final DatabaseServer database = Databases.postgres();
    private final String name = database.create();
    /** Between the first server and its database; null: none. */
    private final DatabaseProxy proxy;
    private int jobs;
    private long from;
    private long to;

    Group() {
        this(NatsServer.create(), null);
    }

    /** The first server, which leads, reaches its database through a {@link #proxy}. */
    static Group firstThroughProxy() {
        return new Group(NatsServer.create(), new DatabaseProxy(Databases.postgres()));
    }

    /** NATS drops what one server says to the others on {@code subject}. */
    static Group withoutNews(String subject) {
        return new Group(NatsServer.create().config("authorization { users = [ { user: all, password: all, permissions: { publish: { deny: \"" + subject
                + "\" } } } ] }\nno_auth_user: all"), null);
    }

    private Group(NatsServer nats, DatabaseProxy proxy) {
        this.nats = nats.start();
        this.proxy = proxy;
        ServerProcess first = server(proxy == null ? database.goUrl(name) : proxy.goUrl(name)).start();
        awaitLeads(first, LIMIT);
        servers = List.of(first, server(database.goUrl(name)).start());
        worker = FakeWorker.connect(nats.url()).subscribe("worker-queue", "natsjob-void.job.start.app.biz.*")
                .subscribeDurable("natsjob", "witness", "worker-queue", "natsjob.job.start.app.biz.*");
    }

    private ServerProcess server(String databaseUrl) {
        return ServerProcess.create(nats.url()).setting("NATSJOB_DB_TYPE", "postgres").setting("NATSJOB_DB_URL", databaseUrl);
    }

    DatabaseProxy proxy() {
        return proxy;
    }

    /** As {@code readyz} says it; empty while the server does not answer. */
    static String standing(ServerProcess server) {
        try {
            return new HttpApi(server.address()).get("/readyz").text("leader");
        } catch (java.io.UncheckedIOException e) {
            if (e.getCause() instanceof ConnectException || !server.alive()) {
                return "";
            }
            throw e;
        }
    }

    /** Waits until the server leads; how long that took, in milliseconds. */
    static long awaitLeads(ServerProcess server, Duration limit) {
        long began = System.nanoTime();
        Eventually.awaitEqual("the leader word of " + server.address(), limit, LEADS, () -> standing(server));
        return (System.nanoTime() - began) / 1_000_000;
    }

    ServerProcess leader() {
        return Eventually.awaitValue("one that leads", LIMIT, () -> servers.stream().filter(ServerProcess::alive).filter(each -> standing(each).equals(LEADS)).toList(),
                leading -> leading.size() == 1).getFirst();
    }

    ServerProcess other(ServerProcess server) {
        return servers.get(0) == server ? servers.get(1) : servers.get(0);
    }

    static String id(ServerProcess server) {
        return server.login().get("info").expect(200).text("serverId");
    }

    static long term(ServerProcess server) {
        return server.login().get("info").expect(200).object().getLong("term", -1);
    }

    /** Recorded jobs on memory and JetStream subjects, and some lite ones, at each of {@code seconds} seconds, beginning soon. */
    void everySecond(int recorded, int lite, int seconds) {
        HttpApi api = leader().login();
        jobs = recorded;
        from = (System.currentTimeMillis() / 1_000 + 4) * 1_000;
        to = from + (seconds - 1) * 1_000L;
        for (int i = 0; i < recorded + lite; i++) {
            JsonObject job = new JsonObject().add("namespace", "app").add("app", "biz").add("name", (i < recorded ? "max-" : "lite-") + i).add("schedule", "* * * * * *")
                    .add("model", i < recorded ? "max" : "lite").add("subjectModel", i < recorded && i % 2 == 1 ? "jetStream" : "memory")
                    .add("maxConcurrency", 100).add("timeoutSeconds", 8).add("misfire", "skip").add("startAt", from).add("endAt", to);
            api.post("/natsjob/api/v1/jobs", job).expect(201);
        }
        Scene.until(from + 1_500);
    }

    long to() {
        return to;
    }

    /** When the server wrote the last line of its log that holds {@code text}; epoch milliseconds. */
    static long logged(ServerProcess server, String text) {
        Matcher times = Pattern.compile("(?m)^(\\S+ \\S+) .*" + Pattern.quote(text)).matcher(server.output());
        String last = null;
        while (times.find()) {
            last = times.group(1);
        }
        if (last == null) {
            throw new AssertionError("no line with '" + text + "' in:\n" + server.output());
        }
        return java.time.OffsetDateTime.parse(last, LOGGED).toInstant().toEpochMilli();
    }

    /** How many messages came twice for one job and second. */
    long doubled() {
        Map<String, Integer> received = new HashMap<>();
        worker.received().forEach(message -> received.merge(message.jobName() + " " + scheduled(message.job()), 1, Integer::sum));
        return received.values().stream().filter(count -> count > 1).count();
    }

    static long scheduled(JsonObject job) {
        return LocalDateTime.parse(job.getString("scheduledTime", ""), WIRE).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
    }

    /** The seconds after {@code after} and up to {@code upTo} for which not every recorded job's message came, or came over a second late. */
    Set<Long> missing(long after, long upTo) {
        Set<Long> missing = new HashSet<>();
        for (long second = after - Math.floorMod(after, 1_000) + 1_000; second <= upTo; second += 1_000) {
            long at = second;
            long came = worker.received().stream().filter(message -> message.jobName().startsWith("max-") && scheduled(message.job()) == at)
                    .filter(message -> message.epochMillis() - at < 1_000).count();
            if (came != jobs) {
                missing.add(at);
            }
        }
        return missing;
    }

    /** The first message that came after {@code millis}, milliseconds after it; for a time that has passed a while ago. */
    long firstMessageAfter(long millis) {
        return worker.received().stream().mapToLong(FakeWorker.Received::epochMillis).filter(at -> at > millis).min().orElseThrow() - millis;
    }

    /** Runs by state, and under "skipped" what is counted of recorded jobs and is no state; "twice" counts rows of one job and time. */
    Map<String, Long> rows() {
        Map<String, Long> counts = new TreeMap<>();
        ask("SELECT state, COUNT(*) FROM natsjob_run WHERE trigger_kind = 'cron' GROUP BY state", counts);
        ask("SELECT 'skipped', SUM(t.amount) FROM natsjob_tally t JOIN natsjob_job j ON j.id = t.job_id WHERE j.name LIKE 'max-%' AND t.outcome NOT IN "
                + "('success','fail','expired','sent')", counts);
        ask("SELECT 'twice', COUNT(*) FROM (SELECT job_id FROM natsjob_run GROUP BY job_id, fire_at HAVING COUNT(*) > 1) AS doubled", counts);
        return counts;
    }

    /** The reasons of the skips of all jobs. */
    Map<String, Long> skips() {
        Map<String, Long> counts = new TreeMap<>();
        ask("SELECT outcome, SUM(amount) FROM natsjob_tally WHERE outcome NOT IN ('success','fail','expired','sent') GROUP BY outcome", counts);
        return counts;
    }

    private void ask(String sql, Map<String, Long> counts) {
        try (Connection connection = database.connect(name); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Everything of {@code everySecond} has an end, and what was not sent is counted. */
    void account(Verdict verdict) {
        Scene.until(to + 1_500);
        HttpApi api = leader().login();
        Eventually.awaitEqual("open runs", LIMIT, 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
        long fires = jobs * ((to - from) / 1_000 + 1);
        Eventually.await("all is counted", Duration.ofSeconds(10), () -> accounted() >= fires);
        verdict.equal("problems of the worker", "[]", worker.problems());
        verdict.told("messages received", worker.count());
        verdict.told("runs by state, and skips of recorded jobs", rows());
        verdict.told("skips by reason, lite jobs included", skips());
        verdict.equal("(job, second) received twice", 0, doubled());
        verdict.equal("(job, second) recorded twice", 0L, rows().get("twice"));
        verdict.equal("runs + skips of recorded jobs, of all (job, second)", fires, accounted());
    }

    private long accounted() {
        Map<String, Long> rows = rows();
        return rows.entrySet().stream().filter(each -> !each.getKey().equals("twice")).mapToLong(Map.Entry::getValue).sum();
    }

    @Override
    public void close() {
        worker.close();
        servers.forEach(ServerProcess::close);
        nats.close();
        if (proxy != null) {
            proxy.close();
        }
    }
}
