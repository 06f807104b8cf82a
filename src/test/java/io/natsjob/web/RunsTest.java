package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Parts;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NewRun;
import io.natsjob.store.PartEnd;
import io.natsjob.store.PartTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import io.natsjob.web.TestServer.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunsTest extends WebCase {
    private static final long T = TestServer.NOW / 1_000 * 1_000;
    private static final RunNames OWNER = new RunNames("app", "biz", "owner");

    @BeforeEach
    void settle() {
        server.database.write(Priority.CLAIM, sql -> LeaderTable.moveMarks(sql, LeaderTable.read(sql).term(), T + 1_000, T));
    }

    /** The id that a run of this second gets: as the engine makes them. */
    private static long id(long second) {
        return T + second * 1_000 << 20;
    }

    private long claim(long second, RunNames names, RunTrigger trigger) {
        long at = T + second * 1_000;
        NewRun run = new NewRun(id(second), 5, 1, names, trigger, at, 1, at + 60_000, "x", RunStep.MAIN, null);
        server.database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, LeaderTable.read(sql).term(), List.of(run));
            return null;
        });
        return run.id();
    }

    private void end(long id, RunState state, String reason) {
        RunEnd end = new RunEnd(id, state, reason, "warn", "{\"Disk\":90}", "w-1", T + 5, T + 60_000, T + 9);
        server.database.write(Priority.ANSWERS, sql -> RunTable.end(sql, List.of(end)));
    }

    private List<String> ids(String query) {
        return server.get("runs?" + query).expect(200).items("items").stream().map(r -> r.asObject().getString("taskId", "")).toList();
    }

    private static List<String> texts(Long... ids) {
        return List.of(ids).stream().map(String::valueOf).toList();
    }

    @Test
    void an_open_run_gets_its_sending_time_from_the_engine() {
        long id = claim(0, OWNER, RunTrigger.CRON);
        JsonObject open = server.get("runs/" + id).expect(200).json();
        assertEquals("running", open.getString("state", ""));
        assertTrue(open.get("sentAt").isNull());
        server.engine.sent.put(id, T + 3);
        assertEquals(T + 3, server.get("runs/" + id).json().getLong("sentAt", 0));
    }

    @Test
    void an_ended_run_has_all_fields() {
        long id = claim(0, OWNER, RunTrigger.CRON);
        end(id, RunState.FAIL, "disk full");
        assertEquals("{\"taskId\":\"" + id + "\",\"jobId\":\"5\",\"namespace\":\"app\",\"app\":\"biz\",\"job\":\"owner\",\"attempt\":1,"
                + "\"trigger\":\"cron\",\"state\":\"fail\",\"scheduledAt\":" + T + ",\"sentAt\":" + (T + 5) + ",\"deadlineAt\":" + (T + 60_000)
                + ",\"endedAt\":" + (T + 9) + ",\"reason\":\"disk full\",\"monitorStatus\":\"warn\",\"monitorPayload\":\"{\\\"Disk\\\":90}\","
                + "\"workerId\":\"w-1\",\"args\":\"x\",\"parts\":null,\"term\":" + server.database.read(LeaderTable::read).term() + "}",
                server.get("runs/" + id).expect(200).text());
    }

    @Test
    void a_claim_ahead_of_its_time_is_nowhere() {
        long ahead = claim(1, OWNER, RunTrigger.CRON);
        server.get("runs/" + ahead).expect(404);
        assertEquals(List.of(), ids(""));
        assertEquals(List.of(), ids("jobId=5"));
        server.engine.nextEnd = Engine.End.ENDED;
        server.post("runs/" + ahead + "/end", "{\"reason\":\"x\"}").expect(404);
        assertEquals("", server.engine.ended);
        long manual = claim(2, OWNER, RunTrigger.MANUAL);
        server.get("runs/" + manual).expect(200);
        assertEquals(texts(manual), ids(""));
    }

    @Test
    void the_list_filters_by_each_field() {
        long a = claim(-3, OWNER, RunTrigger.CRON);
        long b = claim(-2, new RunNames("dev", "biz", "owner"), RunTrigger.CRON);
        long c = claim(-1, new RunNames("app", "shop", "other"), RunTrigger.CRON);
        end(a, RunState.FAIL, "disk FULL today");
        assertEquals(texts(c, b, a), ids(""));
        assertEquals(texts(c, a), ids("namespace=app"));
        assertEquals(texts(b), ids("namespace=dev&app=biz&job=owner"));
        assertEquals(texts(c), ids("app=shop"));
        assertEquals(texts(b, a), ids("job=owner"));
        assertEquals(texts(a), ids("state=fail"));
        assertEquals(texts(c, b, a), ids("jobId=5"));
        assertEquals(List.of(), ids("jobId=6"));
        assertEquals(texts(b), ids("from=" + (T - 2_000) + "&to=" + (T - 1_000)));
        assertEquals(texts(a), ids("reason=full"));
        assertEquals(texts(a), ids("monitorPayload=Disk"));
        assertEquals(texts(a), ids("monitorStatus=warn"));
        assertEquals(List.of(), ids("monitorStatus=war"));
        assertEquals(texts(a), ids("workerId=w-1"));
        assertEquals(List.of("jobId", "from", "state").stream().sorted().toList(),
                server.get("runs?state=create&from=x&jobId=a").expect(400).fields().stream().sorted().toList());
    }

    @Test
    void pages_are_complete_in_both_orders_while_runs_are_added() {
        for (String filter : List.of("", "&jobId=5")) {
            List<String> expected = new ArrayList<>();
            int base = filter.isEmpty() ? -100 : -50;
            for (int i = 0; i < 12; i++) {
                claim(base + i, OWNER, RunTrigger.CRON);
            }
            expected.addAll(ids("limit=200" + filter));
            List<String> seen = new ArrayList<>();
            String next = "";
            int added = 20;
            while (next != null) {
                Reply page = server.get("runs?limit=5" + filter + next).expect(200);
                page.items("items").forEach(r -> seen.add(r.asObject().getString("taskId", "")));
                next = page.json().get("next").isNull() ? null : "&cursor=" + page.json().getString("next", "");
                assertTrue(page.json().get("searchedTo").isNull());
                claim(base + added++, OWNER, RunTrigger.CRON);
            }
            assertEquals(expected, seen);
        }
        String byId = server.get("runs?limit=1").json().getString("next", "");
        assertEquals("cursor.invalid", server.get("runs?jobId=5&cursor=" + byId).expect(400).code());
    }

    @Test
    void ending_a_run_answers_it_as_it_stands_then() {
        long id = claim(0, OWNER, RunTrigger.CRON);
        server.engine.nextEnd = Engine.End.ENDED;
        server.engine.onEnd = () -> end(id, RunState.FAIL, "stuck");
        Reply reply = server.post("runs/" + id + "/end", "{\"reason\":\"stuck\"}").expect(200);
        assertEquals("fail", reply.json().getString("state", ""));
        assertEquals(id + " stuck", server.engine.ended);
    }

    @Test
    void a_final_run_cannot_be_ended() {
        long id = claim(0, OWNER, RunTrigger.CRON);
        end(id, RunState.SUCCESS, "");
        server.engine.nextEnd = Engine.End.FINAL;
        Reply reply = server.post("runs/" + id + "/end", "{\"reason\":\"stuck\"}").expect(409);
        assertEquals("run.final", reply.code());
        assertEquals("success", reply.json().get("current").asObject().getString("state", ""));
        assertTrue(reply.json().get("current").asObject().get("reason").isNull());
        assertEquals(List.of("reason"), server.post("runs/" + id + "/end", "{}").expect(400).fields());
        server.post("runs/1/end", "{\"reason\":\"stuck\"}").expect(404);
    }

    private long ultra(long second, long job, Parts parts) {
        long at = T + second * 1_000;
        NewRun run = new NewRun(id(second), job, 1, OWNER, RunTrigger.CRON, at, 1, at + 60_000, "x", RunStep.MAIN, parts);
        server.database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, LeaderTable.read(sql).term(), List.of(run));
            return PartTable.end(sql, List.of(new PartEnd(run.id(), Parts.subId(run.id(), 1), "me", RunState.FAIL, "no disk", "", "", T + 8)));
        });
        return run.id();
    }

    @Test
    void a_broadcast_to_named_workers_shows_its_parts_and_who_has_not_answered() {
        String job = server.job("owner").getString("id", "");
        long open = ultra(-3, Long.parseLong(job), Parts.all(List.of("w1", "w2")));
        String parts = server.get("runs/" + open).expect(200).json().get("parts").toString();
        String second = "{\"workerId\":\"w2\",\"state\":\"fail\",\"reason\":\"no disk\",\"endedAt\":" + (T + 8) + "}]";
        assertEquals("[{\"workerId\":\"w1\",\"state\":\"running\",\"reason\":null,\"endedAt\":null}," + second, parts);
        assertEquals(parts, server.get("jobs/" + job).expect(200).json().get("lastRun").asObject().get("parts").toString());
        end(open, RunState.FAIL, "no disk");
        String ended = "[{\"workerId\":\"w1\",\"state\":\"expired\",\"reason\":null,\"endedAt\":" + (T + 9) + "}," + second;
        assertEquals(ended, server.get("runs/" + open).expect(200).json().get("parts").toString());
        long chosen = ultra(-2, 5, Parts.one("w1"));
        long unpicked = ultra(-1, 5, null);
        assertTrue(server.get("runs/" + chosen).expect(200).json().get("parts").isNull(), "one worker was chosen");
        assertTrue(server.get("runs/" + unpicked).expect(200).json().get("parts").isNull());
        List<String> listed = server.get("runs").expect(200).items("items").stream().map(run -> run.asObject().get("parts").toString()).toList();
        assertEquals(List.of("null", "null", ended), listed);
    }

    @Test
    void a_job_shows_its_last_run() {
        String job = server.job("owner").getString("id", "");
        NewRun run = new NewRun(id(-1), Long.parseLong(job), 1, OWNER, RunTrigger.CRON, T - 1_000, 1, T, "", RunStep.MAIN, null);
        server.database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, LeaderTable.read(sql).term(), List.of(run));
            return null;
        });
        server.engine.running.put(Long.parseLong(job), 1);
        JsonObject shown = server.get("jobs/" + job).expect(200).json();
        assertEquals(Long.toString(id(-1)), shown.get("lastRun").asObject().getString("taskId", ""));
        assertEquals(1, shown.getInt("running", 0));
    }
}
