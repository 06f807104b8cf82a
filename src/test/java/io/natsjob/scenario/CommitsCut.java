package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.DatabaseProxy;
import io.natsjob.testkit.DatabaseProxy.Fate;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The connection to the database server is cut exactly at a COMMIT: its answer is lost, it is lost itself, or it arrives late, behind the cut. */
final class CommitsCut {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    private static final int TIMEOUT_SECONDS = 8;
    /** The server gives a silent transaction up after 2 s: the last one comes too late. */
    private static final List<Fate> CUTS = List.of(new Fate.Swallow(), new Fate.Cut(), new Fate.Late(200), new Fate.Late(1_200), new Fate.Late(2_600));
    /** Claims are few, one a second: every other one is cut, so that each kind of cut has its turn. */
    private static final int CLAIMS = 2;
    private static final Fate PASS = new Fate.Pass();

    private CommitsCut() {}

    /** Claims and results under load, each {@code verify.cutOneIn}th COMMIT of results cut. */
    static void underLoad(Base base) {
        int jobs = Scene.size("verify.jobs", 20);
        int seconds = Scene.size("verify.seconds", 12);
        int oneIn = Scene.size("verify.cutOneIn", 5);
        Verdict verdict = new Verdict("COMMITs cut, " + jobs + " jobs, " + seconds + " s, " + base);
        try (Scene scene = Scene.throughProxy(base).worker("memory")) {
            scene.everySecond(jobs, seconds, new JsonObject().add("model", "max").add("misfire", "skip").add("timeoutSeconds", TIMEOUT_SECONDS));
            Scene.until(scene.from - 500);
            Map<String, AtomicInteger> cuts = cutSome(scene.proxy(), oneIn);
            Scene.until(scene.to);
            scene.proxy().plan((statement, earlier) -> PASS);
            // The last claim may have been cut, and is then found behind the server's own limit of 2 s.
            Scene.until(scene.to + 4_000);
            Eventually.awaitEqual("answers under way", Duration.ofSeconds(20), 0, () -> scene.worker.unacknowledged());
            HttpApi api = scene.server.login();
            Eventually.awaitEqual("open runs", Duration.ofSeconds(TIMEOUT_SECONDS + 20), 0,
                    () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            judge(verdict, scene, jobs * seconds, cuts);
        }
        verdict.done();
    }

    private static void judge(Verdict verdict, Scene scene, int fires, Map<String, AtomicInteger> cuts) {
        Ledger ledger = scene.ledger(RUN_OUTCOMES);
        verdict.told("COMMITs cut, by what they were for", new TreeMap<>(cuts));
        verdict.told("messages received", scene.worker.count());
        verdict.told("runs by state", ledger.states());
        verdict.told("skips counted", ledger.tallies);
        verdict.atLeast("COMMITs of claims cut", 2, cuts.getOrDefault("claim", new AtomicInteger()).get());
        verdict.atLeast("COMMITs of results cut", 2, cuts.getOrDefault("results", new AtomicInteger()).get());
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
        verdict.equal("acknowledged results that are not in the database", Set.of(), ledger.lost(scene.worker.acknowledged()));
        verdict.equal("runs + skips, of all (job, second)", fires, ledger.runs.size() + ledger.skipped());
        verdict.equal("runs left open", 0L, ledger.states().getOrDefault("running", 0L));
        verdict.equal("runs counted, of those in the database", ledger.states(), counted(scene));
        verdict.atLeast("share of the fires that ran", 0.3, ledger.states().getOrDefault("success", 0L) / (double) fires);
    }

    private static Map<String, Long> counted(Scene scene) {
        Map<String, Long> counted = new TreeMap<>();
        try (Connection connection = scene.database.connect(scene.server); Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT outcome, SUM(amount) FROM natsjob_tally WHERE outcome IN (" + RUN_OUTCOMES + ") GROUP BY outcome")) {
            while (rows.next()) {
                counted.put(rows.getString(1), rows.getLong(2));
            }
            return counted;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers how many are cut, by what their transaction was for; they go on to grow. */
    private static Map<String, AtomicInteger> cutSome(DatabaseProxy proxy, int oneIn) {
        Map<String, AtomicInteger> cuts = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
        proxy.plan((statement, earlier) -> {
            String purpose = DatabaseProxy.isCommit(statement) ? purpose(earlier) : "other";
            int every = purpose.equals("claim") ? CLAIMS : oneIn;
            if (purpose.equals("other") || seen.computeIfAbsent(purpose, key -> new AtomicInteger()).incrementAndGet() % every != 0) {
                return PASS;
            }
            return CUTS.get(cuts.computeIfAbsent(purpose, key -> new AtomicInteger()).getAndIncrement() % CUTS.size());
        });
        return cuts;
    }

    private static String purpose(List<String> earlier) {
        boolean claims = earlier.stream().anyMatch(statement -> statement.contains("SET claimed ="));
        boolean ends = earlier.stream().anyMatch(statement -> statement.contains("UPDATE natsjob_run SET state ="));
        return claims ? "claim" : ends ? "results" : "other";
    }

    /** People's edits and runs by hand: each is answered as done, and is there once. */
    static void ofEdits(Base base) {
        Verdict verdict = new Verdict("COMMITs of edits cut, " + base);
        try (Scene scene = Scene.throughProxy(base).worker("memory")) {
            HttpApi api = scene.server.login();
            Queue<Fate> next = new ArrayDeque<>();
            scene.proxy().plan((statement, earlier) -> cutEdit(statement, earlier, next));
            for (Fate fate : CUTS) {
                String name = fate.getClass().getSimpleName().toLowerCase() + (fate instanceof Fate.Late late ? late.millis() : "");
                edits(verdict, api, next, fate, name);
            }
            Eventually.awaitEqual("messages of the runs by hand", Duration.ofSeconds(10), CUTS.size(), scene.worker::count);
            verdict.equal("namespaces", CUTS.size() + 1, api.all("namespaces").size());
            verdict.equal("apps", 2 * CUTS.size() + 1, api.all("apps").size());
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
        }
        verdict.done();
    }

    private static void edits(Verdict verdict, HttpApi api, Queue<Fate> next, Fate fate, String name) {
        cut(next, fate);
        verdict.equal(name + ": create a namespace", 201, api.post("namespaces", new JsonObject().add("name", "n-" + name)).status());
        cut(next, fate);
        verdict.equal(name + ": create an app", 201, api.post("apps", new JsonObject().add("namespace", "n-" + name).add("name", "a")).status());
        api.post("apps", new JsonObject().add("namespace", "n-" + name).add("name", "b")).expect(201);
        JsonObject job = new JsonObject().add("namespace", "app").add("app", "biz").add("name", "j-" + name).add("schedule", "0 0 0 1 1 *");
        cut(next, fate);
        HttpApi.Reply made = api.post("jobs", job);
        verdict.equal(name + ": create a job", 201, made.status());
        String id = made.text("id");
        cut(next, fate);
        HttpApi.Reply changed = api.patch("jobs/" + id, new JsonObject().add("version", 1).add("comment", "changed"));
        verdict.equal(name + ": change it", "200 2 changed", changed.status() + " " + changed.text("version") + " " + changed.text("comment"));
        cut(next, fate);
        HttpApi.Reply run = api.post("jobs/" + id + "/run", new JsonObject());
        verdict.equal(name + ": run it by hand", 202, run.status());
        Eventually.awaitEqual("the run ends", Duration.ofSeconds(20), List.of("success"), () -> states(api, id));
        cut(next, fate);
        verdict.equal(name + ": pause", "200 true", paused(api.post("pause", new JsonObject())));
        cut(next, fate);
        verdict.equal(name + ": resume", "200 false", paused(api.post("resume", new JsonObject())));
        cut(next, fate);
        verdict.equal(name + ": delete the job", 204, api.delete("jobs/" + id).status());
        verdict.equal(name + ": it is gone", 404, api.get("jobs/" + id).status());
        verdict.equal(name + ": COMMITs left to cut", 0, next.size());
    }

    private static List<String> states(HttpApi api, String job) {
        List<String> states = new ArrayList<>();
        api.all("runs?jobId=" + job).forEach(run -> states.add(run.getString("state", "")));
        return states;
    }

    private static String paused(HttpApi.Reply reply) {
        return reply.status() + " " + reply.object().get("paused").asObject().get("all");
    }

    private static void cut(Queue<Fate> next, Fate fate) {
        synchronized (next) {
            next.add(fate);
        }
    }

    private static Fate cutEdit(String statement, List<String> earlier, Queue<Fate> next) {
        boolean edits = earlier.stream().anyMatch(each -> each.contains("change_seq = change_seq + 1") || each.contains("INSERT INTO natsjob_run"));
        synchronized (next) {
            return DatabaseProxy.isCommit(statement) && edits && !next.isEmpty() ? next.remove() : PASS;
        }
    }
}
