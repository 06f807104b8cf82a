package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Timing;
import io.natsjob.store.JobTable;
import io.natsjob.web.TestServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobsTest extends WebCase {
    private static String id(JsonObject job) {
        return job.getString("id", "");
    }

    private Timing timing(JsonObject job) {
        return server.database.read(sql -> JobTable.find(sql, Long.parseLong(id(job))).orElseThrow().spec().timing());
    }

    @Test
    void a_job_of_the_required_fields_gets_the_defaults() {
        JsonObject job = server.job("owner");
        JsonObject expected = Json.parse("""
                {"namespace":"app","app":"biz","name":"owner","comment":"","enabled":true,"schedule":"0 0 9 * * *","zone":null,
                 "category":"standalone","model":"max","subjectModel":"memory","condition":"clientRound","args":"",
                 "maxConcurrency":1,"timeoutSeconds":60,"startAt":null,"endAt":null,"misfire":"fireOnce","misfireMax":10,
                 "version":1,"nextFireAt":1790067600000,"lastRun":null,"running":0,"lastSkip":null,
                 "createdAt":1790000000500,"updatedAt":1790000000500}""").asObject();
        String id = id(job);
        assertEquals(TestServer.NOW, Long.parseLong(id) >> 20);
        job.remove("id");
        expected.forEach(member -> assertEquals(member.getValue(), job.get(member.getName()), member.getName()));
        assertEquals(expected.size(), job.size());
        assertEquals(1, server.engine.changes.get());
    }

    @Test
    void creating_answers_where_the_job_is() {
        Reply reply = server.post("jobs", TestServer.jobJson("owner").toString()).expect(201);
        assertEquals("jobs/" + id(reply.json()), reply.header("Location"));
        assertEquals(reply.json(), server.get(reply.header("Location")).expect(200).json());
    }

    @Test
    void lite_and_plus_skip_misfires_by_default() {
        assertEquals("skip", server.job("a", "model", "\"lite\"").getString("misfire", ""));
        assertEquals("skip", server.job("b", "model", "\"plus\"").getString("misfire", ""));
    }

    @Test
    void what_was_read_can_be_changed_and_put_back() {
        JsonObject job = server.job("owner", "args", "\"one\"");
        JsonObject changed = server.put("jobs/" + id(job), job.set("args", "two")).expect(200).json();
        assertEquals("two", changed.getString("args", ""));
        assertEquals(2, changed.getLong("version", 0));
        assertEquals(2, server.engine.changes.get());
    }

    @Test
    void a_put_brings_defaults_back_for_what_it_leaves_out() {
        JsonObject job = server.job("owner", "args", "\"one\"", "timeoutSeconds", "5", "zone", "\"Asia/Tokyo\"");
        JsonObject changed = server.put("jobs/" + id(job), TestServer.jobJson("owner").add("version", 1)).expect(200).json();
        assertEquals("", changed.getString("args", "?"));
        assertEquals(60, changed.getInt("timeoutSeconds", 0));
        assertTrue(changed.get("zone").isNull());
    }

    @Test
    void a_patch_changes_what_it_names_and_null_brings_the_default_back() {
        JsonObject job = server.job("owner", "args", "\"one\"", "timeoutSeconds", "5", "startAt", "1000");
        JsonObject changed = server.patch("jobs/" + id(job), "{\"version\":1,\"timeoutSeconds\":null,\"startAt\":null,\"comment\":\"x\"}").expect(200).json();
        assertEquals("one", changed.getString("args", ""));
        assertEquals(60, changed.getInt("timeoutSeconds", 0));
        assertTrue(changed.get("startAt").isNull());
        assertEquals("x", changed.getString("comment", ""));
        assertEquals(List.of("name"), server.patch("jobs/" + id(job), "{\"version\":2,\"name\":null}").expect(400).fields());
        assertEquals(List.of("timeoutSecond"), server.patch("jobs/" + id(job), "{\"version\":2,\"timeoutSecond\":1}").expect(400).fields());
    }

    @Test
    void a_patch_may_call_itself_a_merge_patch() {
        JsonObject job = server.job("owner");
        server.send("PATCH", "/api/v1/jobs/" + id(job), "{\"version\":1}", server.token, "Content-Type", "application/merge-patch+json").expect(200);
        server.send("PUT", "/api/v1/jobs/" + id(job), job.toString(), server.token, "Content-Type", "application/merge-patch+json").expect(415);
    }

    @Test
    void a_change_of_model_without_misfire_resets_it() {
        JsonObject job = server.job("owner", "misfire", "\"fireAll\"");
        assertEquals("skip", server.patch("jobs/" + id(job), "{\"version\":1,\"model\":\"plus\"}").expect(200).json().getString("misfire", ""));
        assertEquals("fireOnce", server.patch("jobs/" + id(job), "{\"version\":2,\"model\":\"max\"}").expect(200).json().getString("misfire", ""));
        assertEquals("fireAll", server.patch("jobs/" + id(job), "{\"version\":3,\"misfire\":\"fireAll\"}").expect(200).json().getString("misfire", ""));
        assertEquals("fireAll", server.patch("jobs/" + id(job), "{\"version\":4,\"model\":\"max\"}").expect(200).json().getString("misfire", ""));
    }

    @Test
    void a_stale_version_gets_the_current_job() {
        JsonObject job = server.job("owner");
        server.patch("jobs/" + id(job), "{\"version\":1,\"args\":\"theirs\"}").expect(200);
        for (Reply reply : List.of(server.patch("jobs/" + id(job), "{\"version\":1,\"args\":\"mine\"}"), server.put("jobs/" + id(job), job))) {
            assertEquals("job.stale", reply.expect(409).code());
            assertEquals("theirs", reply.json().get("current").asObject().getString("args", ""));
            assertEquals(2, reply.json().get("current").asObject().getLong("version", 0));
        }
    }

    @Test
    void a_change_without_version_is_refused() {
        JsonObject job = server.job("owner");
        Reply reply = server.patch("jobs/" + id(job), "{\"timeoutSeconds\":0}").expect(400);
        assertEquals("version.required", reply.code());
        assertEquals(List.of("version", "timeoutSeconds"), reply.fields());
        assertEquals(List.of("version"), server.put("jobs/" + id(job), TestServer.jobJson("owner").add("version", "1")).expect(400).fields());
    }

    @Test
    void a_name_that_is_taken_is_refused_and_free_after_the_delete() {
        JsonObject first = server.job("owner");
        server.job("owner-2");
        Reply reply = server.post("jobs", TestServer.jobJson("owner").toString()).expect(409);
        assertEquals("name.taken", reply.code());
        assertEquals(id(first), id(reply.json().get("current").asObject()));
        JsonObject other = server.job("other");
        assertEquals("name.taken", server.patch("jobs/" + id(other), "{\"version\":1,\"name\":\"owner\"}").expect(409).code());
        server.delete("jobs/" + id(first)).expect(204);
        server.get("jobs/" + id(first)).expect(404);
        server.delete("jobs/" + id(first)).expect(404);
        server.job("owner");
    }

    @Test
    void the_anchor_moves_only_with_what_decides_the_fires() {
        JsonObject job = server.job("owner", "schedule", "\"@every 1h\"");
        String path = "jobs/" + id(job);
        assertEquals(TestServer.NOW, timing(job).anchor());
        String[] keeps = {"\"args\":\"x\"", "\"schedule\":\"@every 1h\"", "\"enabled\":false", "\"endAt\":9000000000000"};
        int version = 1;
        for (String change : keeps) {
            server.clock.tick(Duration.ofSeconds(1));
            server.patch(path, "{\"version\":" + version++ + "," + change + "}").expect(200);
            assertEquals(TestServer.NOW, timing(job).anchor(), change);
        }
        String[] moves = {"\"enabled\":true", "\"schedule\":\"@every 2h\"", "\"zone\":\"Asia/Tokyo\"", "\"startAt\":5"};
        for (String change : moves) {
            server.clock.tick(Duration.ofSeconds(1));
            server.patch(path, "{\"version\":" + version++ + "," + change + "}").expect(200);
            assertEquals(server.clock.millis(), timing(job).anchor(), change);
        }
    }

    @Test
    void a_disabled_or_finished_job_has_no_next_fire() {
        assertTrue(server.job("a", "enabled", "false").get("nextFireAt").isNull());
        assertTrue(server.job("b", "endAt", "1000").get("nextFireAt").isNull());
        assertTrue(server.job("c", "schedule", "\"0 0 0 30 2 *\"").get("nextFireAt").isNull());
        assertEquals(1_790_000_000_500L / 1000 * 1000 + 30_000, server.job("d", "schedule", "\"@every 30s\"").getLong("nextFireAt", 0));
    }

    @Test
    void the_list_filters_by_each_field() {
        server.job("alpha", "model", "\"lite\"");
        // ids of one millisecond have no order
        server.clock.tick(Duration.ofMillis(1));
        server.job("beta", "enabled", "false");
        server.clock.tick(Duration.ofMillis(1));
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        server.post("apps", "{\"namespace\":\"dev\",\"name\":\"biz\"}").expect(201);
        server.job("alpha", "namespace", "\"dev\"");
        assertEquals(List.of("alpha", "beta"), server.get("jobs?namespace=app").names());
        assertEquals(List.of("alpha"), server.get("jobs?namespace=dev&app=&q=").names());
        assertEquals(List.of(), server.get("jobs?namespace=nowhere").expect(200).names());
        assertEquals(List.of("alpha", "alpha"), server.get("jobs?q=lph").names());
        assertEquals(List.of("beta"), server.get("jobs?enabled=false").names());
        assertEquals(List.of("alpha"), server.get("jobs?model=lite").names());
        assertEquals(List.of(), server.get("jobs?category=map").names());
        assertEquals(List.of("enabled", "model"), server.get("jobs?model=mini&enabled=1").expect(400).fields());
        assertEquals(List.of("naemspace"), server.get("jobs?naemspace=dev").expect(400).fields());
        assertEquals(List.of("app"), server.get("jobs?app=a&app=b").expect(400).fields());
    }

    @Test
    void pages_are_complete_while_rows_are_added_and_removed() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            server.clock.tick(Duration.ofMillis(1));
            server.job("job-" + i);
            expected.add("job-" + i);
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        int added = 0;
        while (next != null) {
            Reply page = server.get("jobs?limit=5" + next).expect(200);
            assertTrue(page.names().size() <= 5);
            seen.addAll(page.names());
            next = page.json().get("next").isNull() ? null : "&cursor=" + page.json().getString("next", "");
            if (added == 1) {
                server.delete("jobs/" + id(page.items("items").getFirst().asObject())).expect(204);
            }
            if (added < 3) {
                server.clock.tick(Duration.ofMillis(1));
                server.job("late-" + added++);
            }
        }
        expected.addAll(List.of("late-0", "late-1", "late-2"));
        assertEquals(expected, seen);
    }

    @Test
    void limits_and_cursors_out_of_form_are_refused() {
        for (String bad : List.of("limit=0", "limit=201", "limit=x", "limit=1.5", "limit=99999999999999999999")) {
            assertEquals(List.of("limit"), server.get("jobs?" + bad).expect(400).fields(), bad);
        }
        for (String bad : List.of("cursor=garbage", "cursor=%00", "cursor=" + Cursor.of('n', 1), "cursor=" + Cursor.of('j', 1, 2), "cursor=!!!")) {
            assertEquals(bad.equals("cursor=%00") ? "field.invalid" : "cursor.invalid", server.get("jobs?" + bad).expect(400).code(), bad);
        }
        assertEquals(0, server.get("jobs?limit=200").expect(200).names().size());
    }

    @Test
    void running_by_hand_reaches_the_engine() {
        JsonObject job = server.job("owner");
        assertEquals("77", server.post("jobs/" + id(job) + "/run", "{\"args\":\"x\",\"force\":true}").expect(202).json().getString("taskId", ""));
        assertEquals(id(job) + " x true", server.engine.ran);
        server.send("POST", "/api/v1/jobs/" + id(job) + "/run", null, server.token).expect(202);
        assertEquals(id(job) + " null false", server.engine.ran);
    }

    @Test
    void a_refused_run_says_why_and_shows_the_job() {
        JsonObject job = server.job("owner");
        server.engine.nextRun = new Engine.RunNow.Refused("concurrency", "1 of 1 runs are open");
        Reply reply = server.post("jobs/" + id(job) + "/run", "{}").expect(409);
        assertEquals("skip.concurrency", reply.code());
        assertEquals("1 of 1 runs are open", reply.json().getString("detail", ""));
        assertEquals("owner", reply.json().get("current").asObject().getString("name", ""));
    }

    @Test
    void a_worker_can_be_chosen_for_ultra() {
        JsonObject job = server.job("ultra-1", "model", "\"ultra\"", "category", "\"broadcast\"", "condition", "\"clientFirst\"");
        server.post("jobs/" + id(job) + "/run", "{\"workerId\":\"client-2\"}").expect(202);
        assertTrue(server.engine.ran.endsWith("to client-2 false"), server.engine.ran);
        assertEquals(List.of("workerId"), server.post("jobs/" + id(job) + "/run", "{\"workerId\":\"" + "w".repeat(65) + "\"}").expect(400).fields());
        server.engine.nextRun = new Engine.RunNow.Refused("no-worker", "no worker client-9 of the app lives");
        assertEquals("skip.no-worker", server.post("jobs/" + id(job) + "/run", "{\"workerId\":\"client-9\",\"force\":true}").expect(409).code());
    }

    @Test
    void a_run_by_hand_takes_no_worker_and_no_unknown_job() {
        JsonObject job = server.job("owner");
        assertEquals(List.of("workerId"), server.post("jobs/" + id(job) + "/run", "{\"workerId\":\"w\"}").expect(400).fields());
        assertEquals(List.of("args"), server.post("jobs/" + id(job) + "/run", "{\"args\":\"" + "a".repeat(1_025) + "\"}").expect(400).fields());
        assertEquals("not.found", server.post("jobs/1/run", "{}").expect(404).code());
        assertEquals("", server.engine.ran);
        server.engine.nextRun = new Engine.RunNow.Gone();
        server.post("jobs/" + id(job) + "/run", "{}").expect(404);
    }

    @Test
    void an_id_that_is_no_number_names_nothing() {
        for (String id : List.of("x", "0x1", "-1", "99999999999999999999", "1.0", "%20", "1%2F2")) {
            assertEquals("not.found", server.get("jobs/" + id).expect(404).code(), id);
        }
    }

    @Test
    void a_job_can_move_to_another_app() {
        JsonObject job = server.job("owner");
        server.post("apps", "{\"namespace\":\"app\",\"name\":\"other\"}").expect(201);
        JsonObject moved = server.patch("jobs/" + id(job), "{\"version\":1,\"app\":\"other\"}").expect(200).json();
        assertEquals("other", moved.getString("app", ""));
        assertFalse(server.get("jobs?app=biz").names().contains("owner"));
    }
}
