package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.web.TestServer.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTest extends WebCase {
    static final Engine.ServerView SERVER = new Engine.ServerView("server-1", "app", true, 3, "1.2.3", new Engine.MachineView("host", "10.0.0.1", "linux", "amd64", 2), 77,
            new Engine.Usage("1.00%", "2.00%", "3.00%", "4.00M"), 5, 6, true);

    static Engine.WorkerView worker(String namespace, String app, String id) {
        return new Engine.WorkerView(id, namespace, app, "10.0.0.2", "a comment", 100, new Engine.Usage("1%", "2%", "3%", ""), 7, 8);
    }

    private static List<String> ids(Reply reply) {
        return reply.items("items").stream().map(item -> item.asObject().getString("namespace", "") + "/" + item.asObject().getString("app", "") + "/"
                + item.asObject().getString("id", "")).toList();
    }

    @Test
    void a_worker_shows_what_its_heartbeat_said() {
        server.engine.workers.add(worker("app", "biz", "w-1"));
        assertEquals("{\"items\":[{\"id\":\"w-1\",\"namespace\":\"app\",\"app\":\"biz\",\"ip\":\"10.0.0.2\",\"comment\":\"a comment\",\"weight\":100,\"machineCpuUsage\":\"1%\","
                + "\"machineMemoryUsage\":\"2%\",\"processCpuUsage\":\"3%\",\"processMemoryRss\":null,\"firstSeenAt\":7,\"seenAt\":8}],\"next\":null}",
                server.get("workers").expect(200).text());
    }

    @Test
    void workers_are_listed_by_namespace_and_app_and_never_under_another() {
        server.engine.workers.add(worker("dev", "biz", "b"));
        server.engine.workers.add(worker("app", "web", "a"));
        server.engine.workers.add(worker("app", "biz", "c"));
        server.engine.workers.add(worker("app", "biz", "a"));
        assertEquals(List.of("app/biz/a", "app/biz/c", "app/web/a", "dev/biz/b"), ids(server.get("workers")));
        assertEquals(List.of("app/biz/a", "app/biz/c", "app/web/a"), ids(server.get("workers?namespace=app")));
        assertEquals(List.of("app/biz/a", "app/biz/c"), ids(server.get("workers?namespace=app&app=biz")));
        assertEquals(List.of("app/biz/a", "app/biz/c", "dev/biz/b"), ids(server.get("workers?app=biz")));
        assertEquals(List.of(), ids(server.get("workers?namespace=uat").expect(200)));
        assertEquals(List.of("job"), server.get("workers?job=x").expect(400).fields());
        assertEquals(List.of("limit"), server.get("workers?limit=201").expect(400).fields());
    }

    @Test
    void a_cursor_goes_on_after_the_last_row_also_when_that_worker_has_died() {
        String longest = "n".repeat(64);
        List<String> all = new ArrayList<>();
        for (int i = 10; i < 20; i++) {
            server.engine.workers.add(worker(longest, longest, "密".repeat(62) + i));
            all.add(longest + "/" + longest + "/" + "密".repeat(62) + i);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Reply page = server.get("workers?limit=3" + cursor).expect(200);
            seen.addAll(ids(page));
            // the last row of every other page
            server.engine.workers.removeIf(worker -> seen.size() % 2 == 1 && seen.getLast().endsWith(worker.id()));
            JsonValue next = page.json().get("next");
            cursor = next.isNull() ? null : "&cursor=" + next.asString();
            assertTrue(seen.size() <= all.size(), seen.toString());
        }
        assertEquals(all, seen);
        String other = server.get("workers?cursor=MXI6NQ").expect(400).code();
        assertEquals("cursor.invalid", other);
        assertEquals("cursor.invalid", server.get("workers?cursor=%25").expect(400).code());
    }

    @Test
    void servers_show_where_they_run_and_what_is_unknown_is_null() {
        server.engine.servers.add(SERVER);
        server.engine.servers.add(new Engine.ServerView("original", "app", false, 0, "", new Engine.MachineView("h", "", "", "", 0), 0, new Engine.Usage("", "", "", ""), 0, 9, true));
        Reply reply = server.get("servers").expect(200);
        JsonObject own = reply.items("items").getFirst().asObject();
        assertEquals("{\"id\":\"server-1\",\"namespace\":\"app\",\"leader\":true,\"term\":3,\"version\":\"1.2.3\",\"host\":\"host\",\"ip\":\"10.0.0.1\",\"os\":\"linux\",\"arch\":\"amd64\","
                + "\"cpus\":2,\"pid\":77,\"startedAt\":5,\"seenAt\":6,\"machineCpu\":\"1.00%\",\"machineMemory\":\"2.00%\",\"processCpu\":\"3.00%\",\"processRss\":\"4.00M\","
                + "\"natsConnected\":true}", own.toString());
        JsonObject original = reply.items("items").get(1).asObject();
        for (String name : List.of("term", "version", "ip", "os", "arch", "cpus", "pid", "startedAt", "machineCpu", "processRss")) {
            assertTrue(original.get(name).isNull(), name);
        }
        assertEquals(own.names(), original.names());
        server.get("servers?namespace=app").expect(400);
    }

    @Test
    void both_answer_without_the_database_and_to_nobody_without_a_session() {
        for (String path : List.of("workers", "servers")) {
            server.send("GET", "/api/v1/" + path, null, null).expect(401);
        }
        server.database.close();
        server.get("workers").expect(200);
        server.get("servers").expect(200);
    }
}
