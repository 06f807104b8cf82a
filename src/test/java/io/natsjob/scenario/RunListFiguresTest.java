package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How long lists take over HTTP when there are many runs ({@code -Dverify.runs}): the server as users start it, one client, one request after the
 * other. {@code -Dverify.broken=true} takes the key away that a job's list needs: then the verdict must be bad.
 */
@Tag("figures")
@Timeout(value = 100, unit = TimeUnit.MINUTES)
final class RunListFiguresTest {
    private static final int RUNS = Scene.size("verify.runs", 10_000_000);
    private static final boolean BROKEN = Boolean.getBoolean("verify.broken");
    private static final int WARM_UP = 1_000;
    private static final int REQUESTS = 500;
    private static final int SLOW_REQUESTS = 8;
    /**
     * On a machine with other work a round is repeated so often until one holds; all are told. A round during which requests that
     * touch no database were quick is not repeated.
     */
    private static final int ROUNDS = 10;
    private static final double CALM_MILLIS = 1.5;
    private static final double PAGE_MILLIS = 5;
    /** What no page that reads a bounded number of rows needs, and no walk through the history manages. */
    private static final double VIEW_MILLIS = 250;
    /** A list reads for 2 s at most, and then for the step that it is at. */
    private static final double SEARCH_MILLIS = 2_500;
    private static final String KEPT_HOURS = "87600";

    private final Random random = new Random(5);
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Verdict verdict;
    private ServerProcess server;
    private String address;
    private String token;

    @Test
    void lists_on_sqlite() throws Exception {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = server(nats)) {
            List<String> jobs = jobs(server);
            RunHistory history = new RunHistory(RunHistory.Kind.SQLITE, RUNS, System.currentTimeMillis());
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + server.database()); Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA synchronous=OFF");
                statement.execute("PRAGMA cache_size=-200000");
                breakIt(statement, "CREATE TABLE natsjob_run AS SELECT * FROM whole WHERE 1 = 0", "CREATE UNIQUE INDEX verify_id ON natsjob_run (id)");
                history.fill(connection, jobs);
            }
            measure("SQLite", server, history, jobs);
        }
    }

    @Test
    void lists_on_postgresql() throws Exception {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = server(nats); DatabaseServer databases = Databases.newPostgres()) {
            String name = databases.create();
            server.setting("NATSJOB_DB_TYPE", "postgres").setting("NATSJOB_DB_URL", databases.goUrl(name));
            List<String> jobs = jobs(server);
            RunHistory history = new RunHistory(RunHistory.Kind.POSTGRES, RUNS, System.currentTimeMillis());
            try (Connection connection = databases.connect(name); Statement statement = connection.createStatement()) {
                breakIt(statement, "CREATE TABLE natsjob_run (LIKE whole INCLUDING DEFAULTS)", "ALTER TABLE natsjob_run ADD PRIMARY KEY (id)");
                history.fill(connection, jobs);
                statement.execute("VACUUM (ANALYZE)"); // as autovacuum has done long before so many rows have come
            }
            measure("PostgreSQL", server, history, jobs);
        }
    }

    private static ServerProcess server(NatsServer nats) {
        return ServerProcess.create(nats.url()).setting("NATSJOB_JOB_RESULT_EXPIRE_HOURS", KEPT_HOURS);
    }

    private static List<String> jobs(ServerProcess server) {
        List<String> jobs = RunHistory.createJobs(server.start().login());
        assertEquals(0, server.stop());
        return jobs;
    }

    /** The same table without the key of (job_id, fire_at, attempt). */
    private static void breakIt(Statement statement, String create, String key) throws SQLException {
        if (BROKEN) {
            statement.execute("ALTER TABLE natsjob_run RENAME TO whole");
            statement.execute(create);
            statement.execute(key);
        }
    }

    private void measure(String kind, ServerProcess filled, RunHistory history, List<String> jobs) {
        verdict = new Verdict(String.format("lists of %,d runs on %s%s", RUNS, kind, BROKEN ? ", broken on purpose" : ""));
        server = filled.start();
        HttpApi api = server.login();
        address = server.address() + "/natsjob/api/v1/";
        token = api.token();
        verdict.told("load average before", Latency.load());
        for (int i = 0; i < WARM_UP; i++) {
            ask(address + "runs?limit=50", 50);
        }
        String busy = "jobId=" + jobs.getFirst();
        pages("a job of " + RUNS / 4 + " runs", "runs?" + busy, 'f', history);
        if (BROKEN) {
            verdict.done();
            return;
        }
        pages("a job of " + RUNS * 3L / 4 / (RunHistory.JOBS - 1) + " runs", "runs?jobId=" + jobs.get(500), 'f', history);
        pages("all runs", "runs?limit=50", 'r', history);
        filters(busy, history);
        views(jobs);
        verdict.told("resident memory of the server, MiB", server.rssKib() / 1_024);
        verdict.told("load average after", Latency.load());
        verdict.done();
    }

    private void pages(String what, String path, char list, RunHistory history) {
        judge(what + ", first page", PAGE_MILLIS, REQUESTS, 50, () -> path);
        judge(what + ", a page of the middle half", PAGE_MILLIS, REQUESTS, 50, () -> behind(path, list, history.at(0.25 + random.nextDouble() / 2)));
        judge(what + ", a page near the end", PAGE_MILLIS, REQUESTS, 1, () -> behind(path, list, history.at(0.01 + random.nextDouble() / 50)));
    }

    /** A cursor like those that the server hands out: what {@code next} would be behind a run of that time. */
    private static String behind(String path, char list, long fireAt) {
        String key = list == 'f' ? fireAt + ":1" : Long.toString(fireAt << 20);
        return path + "&cursor=" + Base64.getUrlEncoder().withoutPadding().encodeToString(("1" + list + ":" + key).getBytes(StandardCharsets.US_ASCII));
    }

    private void filters(String busy, RunHistory history) {
        String hours = "&from=" + history.at(0.5) + "&to=" + history.at(0.51);
        judge("its runs of one state (1 of 50)", PAGE_MILLIS * 4, REQUESTS, 50, () -> "runs?state=fail&" + busy);
        judge("its runs of some hours", PAGE_MILLIS, REQUESTS, 50, () -> "runs?" + busy + hours);
        judge("all runs of one state (1 of 50)", PAGE_MILLIS * 4, REQUESTS, 50, () -> "runs?state=fail");
        judge("all runs of one state (1 of 200) in one of three namespaces", PAGE_MILLIS * 10, REQUESTS, 50, () -> "runs?state=expired&namespace=shop");
        judge("all open runs", PAGE_MILLIS, REQUESTS, 40, () -> "runs?state=running");
        judge("all runs since an hour ago", PAGE_MILLIS, REQUESTS, 50, () -> "runs?from=" + (history.at(1) - 3_600_000));
        judge("all runs of some hours in the middle: as far as 2 s lead", SEARCH_MILLIS, SLOW_REQUESTS, 0, () -> "runs?limit=50" + hours);
        judge("one run by its reason among all: as far as 2 s lead", SEARCH_MILLIS, SLOW_REQUESTS, 0, () -> "runs?reason=needle");
        judge("the open runs of the busiest job: as far as 2 s lead", SEARCH_MILLIS, SLOW_REQUESTS, 10, () -> "runs?state=running&" + busy);
    }

    private void views(List<String> jobs) {
        Supplier<String> some = () -> jobs.get(random.nextInt(jobs.size()));
        judge("summary", VIEW_MILLIS, REQUESTS / 5, 0, () -> "summary");
        judge("summary of a namespace", VIEW_MILLIS, REQUESTS / 5, 0, () -> "summary?namespace=shop");
        judge("list of jobs, 50", VIEW_MILLIS, REQUESTS / 5, 50, () -> "jobs");
        judge("list of jobs, 200 of a namespace", VIEW_MILLIS, REQUESTS / 5, 200, () -> "jobs?limit=200&namespace=shop");
        judge("one job", VIEW_MILLIS, REQUESTS, 0, () -> "jobs/" + some.get());
        judge("tallies of a job, a day", VIEW_MILLIS, REQUESTS, 1, () -> "jobs/" + some.get() + "/tallies");
    }

    /** Each answer is 200 and has at least {@code items} items. */
    private void judge(String what, double limit, int requests, int items, Supplier<String> path) {
        double best = Double.MAX_VALUE;
        boolean calm = requests < REQUESTS / 5;
        for (int round = 1; round <= (BROKEN ? 1 : ROUNDS) && best > limit && (round == 1 || !calm); round++) {
            Latency latency = new Latency();
            Latency nothing = new Latency();
            for (int i = 0; i < requests; i++) {
                latency.add(ask(address + path.get(), items));
                nothing.add(ask(server.address() + "/livez", 0));
            }
            verdict.told(what + ", round " + round, String.format("%s; beside it livez p99 %.2f ms", latency, nothing.p99()));
            best = Math.min(best, Math.round(latency.p99() * 100) / 100.0);
            calm |= nothing.p99() < CALM_MILLIS;
        }
        verdict.atMost(what + ", p99 in ms", limit, best);
    }

    private long ask(String url, int items) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).header("Authorization", "Bearer " + token).build();
        try {
            long start = System.nanoTime();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            long took = System.nanoTime() - start;
            assertEquals(200, answer.statusCode(), url + " " + answer.body());
            if (items > 0) {
                JsonObject page = Json.parse(answer.body()).asObject();
                assertTrue(page.get("items").asArray().size() >= items, url + " " + answer.body());
            }
            return took;
        } catch (IOException e) {
            throw new UncheckedIOException(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
