package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.RunNames;
import io.natsjob.store.Priority;
import io.natsjob.store.Step;
import io.natsjob.store.StepTable;
import io.natsjob.web.TestServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepsTest extends WebCase {
    private static final RunNames OWNER = new RunNames("app", "biz", "owner");
    private static final long T = TestServer.NOW;

    private void store(Step... steps) {
        server.database.write(Priority.STEPS, sql -> {
            StepTable.insert(sql, List.of(steps));
            return null;
        });
    }

    private static Step step(long id, String status) {
        return new Step(id, 9_007_199_254_740_993L, OWNER, new Step.Report("w-1", "scene-1", "场景1", status, "", "", "", T, null), T + id, new Step.Origin(1, id));
    }

    private List<String> ids(String query) {
        return server.get("runs/9007199254740993/steps?" + query).expect(200).items("items").stream().map(r -> r.asObject().getString("id", "")).toList();
    }

    @Test
    void a_step_has_all_fields() {
        store(step(5, "process1"));
        assertEquals("{\"items\":[{\"id\":\"5\",\"taskId\":\"9007199254740993\",\"workerId\":\"w-1\",\"sceneId\":\"scene-1\",\"sceneName\":\"场景1\",\"status\":\"process1\","
                + "\"reason\":null,\"monitorStatus\":null,\"monitorPayload\":null,\"startAt\":" + T + ",\"endAt\":null,\"createdAt\":" + (T + 5)
                + "}],\"next\":null,\"searchedTo\":null}", server.get("runs/9007199254740993/steps").expect(200).text());
    }

    @Test
    void steps_come_in_pages_from_the_oldest() {
        store(LongStream.rangeClosed(1, 12).mapToObj(n -> step(n, n % 2 == 0 ? "even" : "odd")).toArray(Step[]::new));
        List<String> walked = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            Reply reply = server.get("runs/9007199254740993/steps?limit=5" + cursor).expect(200);
            reply.items("items").forEach(item -> walked.add(item.asObject().getString("id", "")));
            cursor = reply.json().get("next").isNull() ? "none" : "&cursor=" + reply.json().getString("next", "");
        }
        assertEquals(LongStream.rangeClosed(1, 12).mapToObj(Long::toString).toList(), walked);
        assertEquals("none", cursor);
        assertEquals(List.of("2", "4", "6"), ids("status=even&limit=3"));
        assertEquals(List.of("4"), ids("status=even&from=" + (T + 3) + "&to=" + (T + 5)));
        assertEquals(List.of(), ids("namespace=other"));
        assertEquals(12, ids("namespace=app&app=biz&job=owner&workerId=w-1").size());
    }

    @Test
    void a_run_that_nobody_knows_has_no_steps() {
        assertEquals(404, server.get("runs/17/steps").status());
        store(step(1, "x"));
        assertTrue(ids("status=none").isEmpty(), "known by its steps");
    }

    @Test
    void a_parameter_or_cursor_of_another_list_is_refused_by_name() {
        store(step(1, "x"));
        assertEquals(List.of("sceneName"), server.get("runs/9007199254740993/steps?sceneName=x").expect(400).fields());
        assertEquals(List.of("state"), server.get("runs/9007199254740993/steps?state=done").expect(400).fields());
        assertEquals(List.of("cursor"), server.get("runs/9007199254740993/steps?cursor=" + Cursor.of('r', 5)).expect(400).fields());
    }
}
