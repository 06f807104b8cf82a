package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.web.TestServer.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationsTest extends WebCase {
    private static final long HOUR = Tally.HOUR_MILLIS;

    private void tally(Tally... tallies) {
        server.database.write(Priority.ANSWERS, sql -> {
            TallyTable.add(sql, 1, List.of(tallies));
            return null;
        });
    }

    @Test
    void info_says_what_this_server_is() {
        JsonObject info = server.get("info").expect(200).json();
        assertEquals(List.of("serverId", "namespace", "leader", "standing", "term", "version", "startedAt", "now", "zone", "nats", "database", "paused", "problems"), info.names());
        assertEquals("server-1", info.getString("serverId", ""));
        assertEquals("1.2.3", info.getString("version", ""));
        assertEquals("UTC", info.getString("zone", ""));
        assertEquals(TestServer.NOW, info.getLong("now", 0));
        assertTrue(info.get("database").asObject().getBoolean("up", false));
        assertEquals("{\"all\":false,\"namespaces\":[]}", info.get("paused").toString());
    }

    @Test
    void a_pause_holds_from_the_claimed_mark_until_it_is_resumed() {
        server.database.write(Priority.CLAIM, sql -> LeaderTable.moveMarks(sql, LeaderTable.read(sql).term(), 9_000, 8_000));
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        assertEquals("{\"paused\":{\"all\":false,\"namespaces\":[\"dev\"]}}", server.post("pause", "{\"namespace\":\"dev\"}").expect(200).text());
        assertEquals("{\"paused\":{\"all\":true,\"namespaces\":[\"dev\"]}}", server.post("pause", "{\"namespace\":null}").expect(200).text());
        assertEquals("{\"all\":true,\"namespaces\":[\"dev\"]}", server.get("info").json().get("paused").toString());
        List<Pause> pauses = server.database.read(PauseTable::all);
        assertEquals(List.of(9_000L, 9_000L), pauses.stream().map(Pause::pausedAt).toList());
        assertEquals("{\"paused\":{\"all\":false,\"namespaces\":[\"dev\"]}}", server.post("resume", "{\"namespace\":null}").expect(200).text());
        assertEquals(TestServer.NOW, server.database.read(PauseTable::all).getFirst().resumedAt());
        assertEquals(4, server.engine.changes.get());
    }

    @Test
    void an_unknown_namespace_cannot_be_paused() {
        for (String route : List.of("pause", "resume")) {
            Reply reply = server.post(route, "{\"namespace\":\"nowhere\"}").expect(400);
            assertEquals("namespace.unknown", reply.code());
            assertEquals(List.of("namespace"), reply.fields());
            assertEquals(List.of("namespaces"), server.post(route, "{\"namespaces\":\"app\"}").expect(400).fields());
        }
        assertEquals(List.of(), server.database.read(PauseTable::all));
    }

    @Test
    void an_edit_takes_the_next_change_number() {
        long before = server.database.read(LeaderTable::read).changeSeq();
        String id = server.job("owner").getString("id", "");
        server.patch("jobs/" + id, "{\"version\":1,\"args\":\"x\"}").expect(200);
        server.post("pause", "{\"namespace\":null}").expect(200);
        server.delete("jobs/" + id).expect(204);
        assertEquals(before + 4, server.database.read(LeaderTable::read).changeSeq());
        server.delete("jobs/" + id).expect(404);
    }

    @Test
    void tallies_are_listed_by_hour() {
        long job = Long.parseLong(server.job("owner").getString("id", ""));
        long hour = TestServer.NOW / HOUR * HOUR;
        tally(Tally.one(job, "success", hour + 1), Tally.one(job, "success", hour - 1), Tally.one(job, "concurrency", hour - 50 * HOUR));
        String path = "jobs/" + job + "/tallies";
        assertEquals("{\"items\":[{\"hour\":" + (hour - HOUR) + ",\"outcome\":\"success\",\"count\":1},{\"hour\":" + hour
                + ",\"outcome\":\"success\",\"count\":1}]}", server.get(path).expect(200).text());
        assertEquals(1, server.get(path + "?from=" + (hour - 50 * HOUR + 7) + "&to=" + (hour - HOUR)).items("items").size());
        assertEquals(List.of("from"), server.get(path + "?from=0").expect(400).fields());
        server.get("jobs/7/tallies").expect(404);
        assertEquals("{\"reason\":\"concurrency\",\"at\":" + (hour - 50 * HOUR) + "}", server.get("jobs/" + job).json().get("lastSkip").toString());
    }

    @Test
    void the_summary_counts_the_whole_or_one_namespace() {
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        long job = Long.parseLong(server.job("owner").getString("id", ""));
        server.job("idle", "enabled", "false");
        tally(Tally.one(job, "success", TestServer.NOW), Tally.one(job, "missed", TestServer.NOW - 23 * HOUR), Tally.one(job, "fail", TestServer.NOW - 24 * HOUR));
        server.engine.runningByNamespace.put("app", 4);
        server.engine.runningByNamespace.put("dev", 1);
        server.engine.ignored.put("late", 2L);
        server.engine.workers.add(ClusterTest.worker("app", "biz", "w-1"));
        server.engine.workers.add(ClusterTest.worker("dev", "biz", "w-1"));
        server.engine.workers.add(ClusterTest.worker("dev", "web", "w-2"));
        server.engine.servers.add(ClusterTest.SERVER);
        assertEquals("{\"apps\":1,\"jobs\":2,\"enabledJobs\":1,\"running\":5,\"runningParts\":4,\"dbWritesInFlight\":2,\"workers\":3,\"servers\":1,\"last24h\":{\"missed\":1,\"success\":1},"
                + "\"answersIgnored\":{\"late\":2},\"heartbeatsIgnored\":{\"empty\":3}}", server.get("summary").expect(200).text());
        JsonObject dev = server.get("summary?namespace=dev").expect(200).json();
        assertEquals(0, dev.getInt("jobs", -1));
        assertEquals(1, dev.getInt("running", -1));
        assertEquals(2, dev.getInt("workers", -1));
        assertEquals("{}", dev.get("last24h").toString());
        assertEquals("namespace.unknown", server.get("summary?namespace=nowhere").expect(400).code());
    }

    @Test
    void health_is_open_and_shows_no_address() {
        server.engine.nats = new Engine.NatsView(false, "nats://10.1.2.3:4222", null, false, "10.1.2.3 refused", 7);
        Reply ready = server.send("GET", "/readyz", null, null).expect(200);
        assertEquals("not connected", ready.json().getString("nats", ""));
        assertEquals("not available", ready.json().getString("jetStream", ""));
        assertFalse(ready.text().contains("10.1.2.3"), ready.text());
    }

    @Test
    void without_the_database_the_server_lives_but_is_not_ready() {
        server.database.close();
        server.send("GET", "/livez", null, null).expect(200);
        Reply ready = server.send("GET", "/readyz", null, null).expect(503);
        assertEquals("down", ready.json().getString("database", ""));
        assertEquals("db.unavailable", server.get("jobs").expect(503).code());
        assertEquals("db.unavailable", server.post("jobs", TestServer.jobJson("owner").toString()).expect(503).code());
        assertTrue(server.get("info").expect(200).json().get("paused").isNull());
        server.login("ann", "secret").expect(200);
        server.post("schedule/preview", "{\"schedule\":\"@hourly\"}").expect(200);
    }

    @Test
    void what_only_the_leader_knows_is_null_and_stale_while_none_answers() {
        JsonObject job = server.job("lonely");
        server.engine.leaderAnswers = false;
        JsonObject summary = server.get("summary").expect(200).json();
        for (String name : List.of("running", "runningParts", "dbWritesInFlight", "answersIgnored")) {
            assertTrue(summary.get(name).isNull(), name);
        }
        assertTrue(summary.getBoolean("stale", false));
        JsonObject shown = server.get("jobs/" + job.getString("id", "")).expect(200).json();
        assertTrue(shown.get("running").isNull());
        assertTrue(shown.getBoolean("stale", false));
        assertTrue(server.get("jobs").items("items").getFirst().asObject().getBoolean("stale", false));
        server.engine.leaderAnswers = true;
        assertEquals(null, server.get("summary").json().get("stale"));
        assertEquals(0, server.get("jobs/" + job.getString("id", "")).json().getInt("running", -1));
    }

    @Test
    void a_command_that_no_leader_answers_is_told_apart_from_a_refusal() {
        String id = server.job("lonely").getString("id", "");
        server.engine.nextRun = new Engine.RunNow.Unanswered("the leader did not say");
        assertEquals("leader.unanswered", server.post("jobs/" + id + "/run", "{}").expect(503).code());
        server.engine.nextRun = new Engine.RunNow.Refused("no-leader", "no server leads at the moment");
        assertEquals("skip.no-leader", server.post("jobs/" + id + "/run", "{}").expect(409).code());
    }
}
