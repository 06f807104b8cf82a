package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HeartBeat;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers on PostgreSQL: every write of the API and "run now" go to the follower; what a raw worker gets tells whether the leader follows. */
@Tag("database")
final class FollowerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String EVERY_SECOND = "* * * * * *";
    private static final String NEVER = "0 0 0 29 2 *";

    private static JsonObject job(String namespace, String app, String name, String schedule) {
        return new JsonObject().add("namespace", namespace).add("app", app).add("name", name).add("schedule", schedule).add("maxConcurrency", 10_000)
                .add("timeoutSeconds", 60).add("misfire", "skip");
    }

    private static String made(HttpApi api, String list, JsonObject object) {
        return api.post(list, object).expect(201).text("id");
    }

    /** A change of what is there now. */
    private static void patch(HttpApi api, String path, JsonObject change) {
        api.patch(path, change.add("version", api.get(path).expect(200).object().getInt("version", -1))).expect(200);
    }

    private static void put(HttpApi api, String path, JsonObject object) {
        api.put(path, object.add("version", api.get(path).expect(200).object().getInt("version", -1))).expect(200);
    }

    private static JsonObject field(String name, String value) {
        return new JsonObject().add(name, value);
    }

    private static JsonObject enabled(boolean value) {
        return new JsonObject().add("enabled", value);
    }

    private static long messages(FakeWorker worker, Predicate<FakeWorker.Received> of) {
        return worker.received().stream().filter(of).count();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void the_leader_follows_every_write_at_the_follower_within_a_second() {
        Verdict verdict = new Verdict("every write through the follower");
        try (Group group = new Group()) {
            ServerProcess follower = group.other(group.leader());
            verdict.equal("the server that is written to", "another server leads", Group.standing(follower));
            group.worker.subscribe("worker-queue", "natsjob-void.job.start.app.other.*", "natsjob-void.job.start.*.shop.*", "natsjob-void.job.start.*.store.*");
            HttpApi api = follower.login();
            Fires fires = new Fires(group.worker, verdict);

            String namespace = made(api, "namespaces", field("name", "dev"));
            String app = made(api, "apps", field("name", "shop").add("namespace", "dev"));
            made(api, "apps", field("name", "other").add("namespace", "app"));
            String put = made(api, "jobs", job("app", "biz", "put", EVERY_SECOND));
            String patched = made(api, "jobs", job("app", "biz", "patch", EVERY_SECOND));
            String deleted = made(api, "jobs", job("app", "biz", "delete", EVERY_SECOND));
            made(api, "jobs", job("dev", "shop", "child", EVERY_SECOND));
            fires.fires("POST jobs", "app.biz.put").fires("POST jobs", "app.biz.patch").fires("POST jobs", "app.biz.delete")
                    .fires("POST namespaces, apps, jobs", "dev.shop.child").judge();

            put(api, "jobs/" + put, job("app", "biz", "put2", EVERY_SECOND).add("args", "of put"));
            patch(api, "jobs/" + patched, field("args", "of patch"));
            api.delete("jobs/" + deleted).expect(204);
            patch(api, "apps/" + app, field("name", "store"));
            fires.fires("PUT jobs (renamed)", "app.biz.put2", "of put").silent("PUT jobs (renamed)", "app.biz.put").fires("PATCH jobs", "app.biz.patch", "of patch")
                    .silent("DELETE jobs", "app.biz.delete").fires("PATCH apps (renamed)", "dev.store.child").silent("PATCH apps (renamed)", "dev.shop.child").judge();

            patch(api, "jobs/" + patched, enabled(false));
            put(api, "jobs/" + put, job("app", "other", "put2", EVERY_SECOND));
            put(api, "namespaces/" + namespace, field("name", "prod"));
            fires.silent("PATCH jobs (disabled)", "app.biz.patch").fires("PUT jobs (moved)", "app.other.put2").silent("PUT jobs (moved)", "app.biz.put2")
                    .fires("PUT namespaces (renamed)", "prod.store.child").silent("PUT namespaces (renamed)", "dev.store.child").judge();

            patch(api, "jobs/" + patched, enabled(true));
            put(api, "apps/" + app, field("name", "store").add("namespace", "prod").add("enabled", false));
            put(api, "jobs/" + put, job("app", "other", "put2", NEVER));
            fires.fires("PATCH jobs (enabled)", "app.biz.patch").silent("PUT apps (disabled)", "prod.store.child").silent("PUT jobs (schedule)", "app.other.put2").judge();

            patch(api, "apps/" + app, enabled(true));
            fires.fires("PATCH apps (enabled)", "prod.store.child").judge();
            patch(api, "namespaces/" + namespace, enabled(false));
            fires.silent("PATCH namespaces (disabled)", "prod.store.child").judge();
            patch(api, "namespaces/" + namespace, enabled(true));
            fires.fires("PATCH namespaces (enabled)", "prod.store.child").judge();

            pauses(verdict, group, api, fires);

            made(api, "jobs", job("prod", "store", "second", EVERY_SECOND));
            made(api, "apps", field("name", "shop").add("namespace", "prod"));
            made(api, "jobs", job("prod", "shop", "nephew", EVERY_SECOND));
            fires.fires("POST jobs", "prod.store.second").fires("POST apps, jobs", "prod.shop.nephew").judge();
            api.delete("apps/" + app).expect(204);
            fires.silent("DELETE apps", "prod.store.child").silent("DELETE apps", "prod.store.second").fires("DELETE of another app", "prod.shop.nephew").judge();
            api.delete("namespaces/" + namespace).expect(204);
            fires.silent("DELETE namespaces", "prod.shop.nephew").fires("DELETE of another namespace", "app.biz.patch").judge();
            verdict.equal("(job, second) received twice", 0L, group.doubled());
        }
        verdict.done();
    }

    private static void pauses(Verdict verdict, Group group, HttpApi api, Fires fires) {
        HttpApi leader = group.leader().login();
        api.post("pause", field("namespace", "prod")).expect(200);
        fires.silent("POST pause of a namespace", "prod.store.child").fires("POST pause of another namespace", "app.biz.patch").judge();
        verdict.equal("paused, as both servers say it", api.get("info").object().get("paused"), leader.get("info").object().get("paused"));
        api.post("pause", new JsonObject()).expect(200);
        fires.silent("POST pause", "app.biz.patch").judge();
        api.post("resume", new JsonObject()).expect(200);
        fires.fires("POST resume", "app.biz.patch").silent("POST resume, but not of this namespace", "prod.store.child").judge();
        api.post("resume", field("namespace", "prod")).expect(200);
        fires.fires("POST resume of a namespace", "prod.store.child").judge();
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void an_edit_whose_announcement_is_lost_reaches_the_leader_within_a_few_seconds() {
        Verdict verdict = new Verdict("writes through the follower whose announcement is lost");
        try (Group group = Group.withoutNews("natsjob-void.server.changed")) {
            HttpApi api = group.other(group.leader()).login();
            Fires fires = new Fires(group.worker, verdict);
            String job = made(api, "jobs", job("app", "biz", "quiet", EVERY_SECOND));
            fires.fires("POST jobs", "app.biz.quiet").judge(3_000);
            api.delete("jobs/" + job).expect(204);
            fires.silent("DELETE jobs", "app.biz.quiet").judge(3_000);
            verdict.equal("NATS refused the announcements", true, group.nats.log().contains("natsjob-void.server.changed"));
        }
        verdict.done();
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void runs_by_hand_ends_sessions_and_reads_are_as_at_the_leader() {
        Verdict verdict = new Verdict("run now, end, logout and reads at the follower");
        try (Group group = new Group(); HeartBeat beat = HeartBeat.every(Duration.ofSeconds(5), group.nats.url(), "app", "biz", "w1", 100)) {
            ServerProcess leader = group.leader();
            ServerProcess follower = group.other(leader);
            HttpApi api = follower.login();
            HttpApi there = leader.login();
            runNow(verdict, group.worker, api);
            String job = made(api, "jobs", job("app", "biz", "stuck", NEVER).set("maxConcurrency", 1));
            end(verdict, group.worker, api, there, job);
            Eventually.awaitEqual("both servers and the worker, as both see them", LIMIT, "[2, 2, 1, 1]",
                    () -> List.of(count(api, "servers"), count(there, "servers"), count(api, "workers"), count(there, "workers")).toString());
            reads(verdict, api, there, job);
            logout(verdict, leader, follower);
            leaderless(verdict, group, leader, api, job);
        }
        verdict.done();
    }

    private static int count(HttpApi api, String list) {
        return api.get(list).expect(200).object().get("items").asArray().size();
    }

    private static void runNow(Verdict verdict, FakeWorker worker, HttpApi api) {
        for (String form : new String[] {"max memory", "max jetStream", "pro memory", "lite memory", "plus jetStream"}) {
            String[] words = form.split(" ");
            String name = "hand-" + form.replace(' ', '-').toLowerCase(java.util.Locale.ROOT);
            String id = made(api, "jobs", job("app", "biz", name, NEVER).set("model", words[0]).add("subjectModel", words[1]));
            String task = api.post("jobs/" + id + "/run", field("args", "by hand")).expect(202).text("taskId");
            Eventually.await("a message of " + name, LIMIT, () -> messages(worker, message -> message.taskId().equals(task)) > 0);
            Scene.pass(300);
            verdict.equal("run now, " + form + ": messages", 1L, messages(worker, message -> message.jobName().equals(name)));
            verdict.equal("run now, " + form + ": messages with its taskId and args", 1L,
                    messages(worker, message -> message.taskId().equals(task) && message.job().getString("jobArgs", "").equals("by hand")));
            if (!words[0].equals("lite") && !words[0].equals("plus")) {
                Eventually.awaitEqual("the state of the run", LIMIT, "success", () -> api.get("runs/" + task).expect(200).text("state"));
            }
        }
        verdict.equal("run now of no job", 404, api.post("jobs/123/run", new JsonObject()).status());
        String off = made(api, "jobs", job("app", "biz", "off", NEVER).add("enabled", false));
        verdict.equal("run now of a disabled job", "skip.disabled", api.post("jobs/" + off + "/run", new JsonObject()).code());
        api.post("jobs/" + off + "/run", new JsonObject().add("force", true)).expect(202);
        Eventually.awaitEqual("messages of the disabled job", LIMIT, 1L, () -> messages(worker, message -> message.jobName().equals("off")));
    }

    private static void end(Verdict verdict, FakeWorker worker, HttpApi api, HttpApi leader, String job) {
        worker.answering(message -> FakeWorker.Answer.none());
        String task = api.post("jobs/" + job + "/run", new JsonObject()).expect(202).text("taskId");
        verdict.equal("a second run at the same time", "skip.concurrency", api.post("jobs/" + job + "/run", new JsonObject()).code());
        verdict.equal("open runs of the job, at the follower", 1, api.get("jobs/" + job).object().getInt("running", -1));
        verdict.equal("open runs of all, at the follower", 1, api.get("summary").object().getInt("running", -1));
        verdict.equal("the open run, at the follower and at the leader", leader.get("runs/" + task).expect(200).body(), api.get("runs/" + task).expect(200).body());
        verdict.equal("its sentAt is known", true, api.get("runs/" + task).object().get("sentAt").isNumber());
        verdict.equal("end: state and reason", "fail stuck", ended(api.post("runs/" + task + "/end", field("reason", "stuck")).expect(200)));
        verdict.equal("the run at the leader", "fail stuck", ended(leader.get("runs/" + task).expect(200)));
        verdict.equal("end once more", "run.final", api.post("runs/" + task + "/end", field("reason", "again")).code());
        verdict.equal("end of no run", 404, api.post("runs/123/end", field("reason", "x")).status());
        verdict.equal("open runs of the job after it", 0, leader.get("jobs/" + job).object().getInt("running", -1));
        worker.answering(message -> FakeWorker.Answer.success());
    }

    private static String ended(HttpApi.Reply run) {
        return run.text("state") + " " + run.text("reason");
    }

    private static void reads(Verdict verdict, HttpApi api, HttpApi leader, String job) {
        for (String path : new String[] {"jobs", "jobs/" + job, "jobs/" + job + "/tallies", "namespaces", "apps", "runs", "runs?state=fail", "summary"}) {
            JsonValue expected = leader.get(path).expect(200).body();
            verdict.that("GET " + path + " at the follower", "what the leader answers", api.get(path).text().length() + " characters",
                    expected.equals(api.get(path).expect(200).body()));
        }
        verdict.equal("GET workers: ids", ids(leader, "workers"), ids(api, "workers"));
        // The other's heartbeat is up to 5 s old.
        Eventually.awaitEqual("GET servers: who leads", Duration.ofSeconds(10), ids(leader, "servers"), () -> ids(api, "servers"));
        JsonObject preview = field("schedule", "@daily").add("from", 1_800_000_000_000L);
        verdict.equal("POST schedule/preview", leader.post("schedule/preview", preview).expect(200).body(), api.post("schedule/preview", preview).expect(200).body());
    }

    private static Map<String, Boolean> ids(HttpApi api, String list) {
        Map<String, Boolean> ids = new TreeMap<>();
        api.get(list).expect(200).object().get("items").asArray().forEach(each -> ids.put(each.asObject().getString("id", ""), each.asObject().getBoolean("leader", false)));
        return ids;
    }

    private static void logout(Verdict verdict, ServerProcess leader, ServerProcess follower) {
        for (ServerProcess[] way : new ServerProcess[][] {{follower, leader}, {leader, follower}}) {
            HttpApi session = way[0].login();
            HttpApi elsewhere = new HttpApi(way[1].address());
            Map<String, String> token = Map.of("Authorization", "Bearer " + session.token());
            verdict.equal("login counts at the other server", 200, elsewhere.send("GET", "session", new byte[0], token).status());
            session.post("logout", new JsonObject()).expect(204);
            Scene.pass(SOON.toMillis());
            verdict.equal("1 s after the logout, at the other server", 401, elsewhere.send("GET", "session", new byte[0], token).status());
            verdict.equal("after the logout, there", 401, session.get("session").status());
        }
    }

    private static void leaderless(Verdict verdict, Group group, ServerProcess leader, HttpApi api, String job) {
        group.worker.answering(message -> FakeWorker.Answer.none());
        String task = api.post("jobs/" + job + "/run", new JsonObject()).expect(202).text("taskId");
        leader.kill9();
        Eventually.awaitEqual("NATS has noticed", SOON, "skip.no-leader", () -> api.post("jobs/" + job + "/run", new JsonObject()).code());
        verdict.equal("no leader: end", "leader.none", api.post("runs/" + task + "/end", field("reason", "x")).code());
        for (String path : new String[] {"jobs/" + job, "runs/" + task, "summary"}) {
            verdict.equal("no leader: GET " + path + " is stale", "true", api.get(path).expect(200).text("stale"));
        }
        verdict.equal("no leader: open runs", null, api.get("summary").text("running"));
        long took = Group.awaitLeads(group.other(leader), LIMIT);
        verdict.atMost("the follower leads after the kill, ms", 5_000, took);
        Eventually.awaitEqual("open runs, as the new leader knows them", LIMIT, "1", () -> api.get("jobs/" + job).expect(200).text("running"));
        verdict.equal("nothing is stale any more", null, api.get("summary").text("stale"));
        verdict.equal("end of the run that the former leader sent", "fail over", ended(api.post("runs/" + task + "/end", field("reason", "over")).expect(200)));
        verdict.equal("messages of the job", 2L, messages(group.worker, message -> message.jobName().equals("stuck")));
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void a_request_during_a_fail_over_is_never_two_runs() throws Exception {
        Verdict verdict = new Verdict("run now during fail-overs");
        Map<String, Integer> statuses = new ConcurrentHashMap<>();
        Map<String, String> tasks = new ConcurrentHashMap<>();
        try (Group group = new Group()) {
            HttpApi first = group.leader().login();
            List<String> jobs = List.of(made(first, "jobs", job("app", "biz", "memory", NEVER)),
                    made(first, "jobs", job("app", "biz", "stream", NEVER).add("subjectModel", "jetStream")));
            for (String how : new String[] {"killed", "paused", "stopped"}) {
                ServerProcess leader = group.leader();
                ServerProcess next = group.other(leader);
                HttpApi api = next.login();
                long until = System.currentTimeMillis() + 9_000;
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    int one = i;
                    threads.add(Thread.ofVirtual().start(() -> {
                        for (int n = 0; System.currentTimeMillis() < until; n++) {
                            String request = how + "-" + one + "-" + n;
                            HttpApi.Reply reply = api.post("jobs/" + jobs.get(n % jobs.size()) + "/run", field("args", request));
                            statuses.put(request, reply.status());
                            if (reply.status() == 202) {
                                tasks.put(request, reply.text("taskId"));
                            }
                            Scene.pass(20);
                        }
                    }));
                }
                Scene.pass(1_500);
                switch (how) {
                    case "killed" -> leader.kill9();
                    case "paused" -> leader.pause();
                    default -> leader.stop();
                }
                Group.awaitLeads(next, LIMIT);
                if (how.equals("paused")) {
                    leader.resume();
                } else {
                    leader.start();
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                Eventually.awaitEqual("the standing of the former leader", LIMIT, "another server leads", () -> Group.standing(leader));
            }
            Scene.pass(3_000);
            verdictOfRequests(verdict, group.worker, statuses, tasks);
        }
        verdict.done();
    }

    private static void verdictOfRequests(Verdict verdict, FakeWorker worker, Map<String, Integer> statuses, Map<String, String> tasks) {
        Map<String, Long> got = new TreeMap<>();
        worker.received().forEach(message -> got.merge(message.job().getString("jobArgs", ""), 1L, Long::sum));
        Map<Integer, Long> byStatus = new TreeMap<>();
        statuses.values().forEach(status -> byStatus.merge(status, 1L, Long::sum));
        verdict.told("requests by status", byStatus);
        verdict.told("messages", worker.count());
        verdict.equal("requests that became two messages", 0L, got.values().stream().filter(count -> count > 1).count());
        verdict.equal("requests with 202 and no message", 0L, tasks.keySet().stream().filter(request -> !got.containsKey(request)).count());
        verdict.equal("requests with 409 (refused) and a message", 0L,
                statuses.entrySet().stream().filter(each -> each.getValue() == 409 && got.containsKey(each.getKey())).count());
        verdict.equal("messages with another taskId than was answered", 0L, worker.received().stream()
                .filter(message -> tasks.containsKey(message.job().getString("jobArgs", "")))
                .filter(message -> !tasks.get(message.job().getString("jobArgs", "")).equals(message.taskId())).count());
        verdict.that("requests that were tried, refused for want of a leader, or unanswered", "202, 409 and 503 alone, with more than 100 times 202", byStatus.toString(),
                byStatus.keySet().stream().allMatch(List.of(202, 409, 503)::contains) && byStatus.getOrDefault(202, 0L) > 100);
    }
}
