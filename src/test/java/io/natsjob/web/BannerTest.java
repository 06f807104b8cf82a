package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.store.Priority;
import io.natsjob.web.Engine.Trouble;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BannerTest extends WebCase {
    @TempDir
    Path another;

    private List<String> problems() {
        List<String> lines = new ArrayList<>();
        for (JsonValue each : server.get("info").expect(200).json().get("problems").asArray()) {
            JsonObject problem = each.asObject();
            assertEquals(List.of("code", "detail", "since"), problem.names());
            lines.add(problem.getString("code", "") + ": " + problem.getString("detail", "") + " @" + problem.getLong("since", -1));
        }
        return lines;
    }

    private List<String> codes() {
        return problems().stream().map(line -> line.substring(0, line.indexOf(':'))).toList();
    }

    private static Engine.NatsView nats(boolean connected, boolean jetStream, String problem) {
        return new Engine.NatsView(connected, "nats://127.0.0.1:4222", null, jetStream, problem, 7);
    }

    @Test
    void a_server_that_is_well_has_none() {
        assertEquals(List.of(), problems());
    }

    @Test
    void nats_away_is_told_since_the_cut_and_hides_who_leads() {
        server.engine.leads = false;
        server.engine.nats = nats(false, false, "refused");
        assertEquals(List.of("nats-down: refused @7"), problems());
        server.engine.nats = nats(false, false, null);
        assertEquals(List.of("nats-down: NATS is not connected @7"), problems());
        server.engine.leads = true;
        server.engine.nats = nats(true, false, "JetStream is off");
        assertEquals(List.of("nats-down: JetStream is off @" + TestServer.NOW), problems());
    }

    @Test
    void no_leader_is_told_since_it_was_noticed_and_anew_after_one_led() {
        server.engine.leads = false;
        String first = "no-leader: nothing fires: no server leads at the moment @" + TestServer.NOW;
        assertEquals(List.of(first), problems());
        server.clock.setWall(TestServer.NOW + 500);
        assertEquals(List.of(first), problems());
        server.engine.servers.add(ClusterTest.SERVER);
        assertEquals(List.of(), problems());
        server.engine.servers.clear();
        assertEquals(List.of("no-leader: nothing fires: no server leads at the moment @" + (TestServer.NOW + 500)), problems());
    }

    @Test
    void what_the_scheduler_knows_and_pauses_are_told() {
        server.engine.troubles.add(new Trouble(Trouble.JETSTREAM_FULL, "no room", 3L));
        server.engine.troubles.add(new Trouble(Trouble.CLOCK_SKEW, "2 s", null));
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        server.post("pause", "{\"namespace\":\"dev\"}").expect(200);
        List<String> paused = List.of("jetstream-full: no room @3", "clock-skew: 2 s @" + TestServer.NOW, "paused: paused namespaces: dev @" + TestServer.NOW);
        assertEquals(paused, problems());
        assertEquals("full", server.send("GET", "/readyz", null, null).expect(200).json().getString("jetStream", ""));
        server.engine.troubles.clear();
        server.clock.setWall(TestServer.NOW + 500);
        server.post("pause", "{\"namespace\":null}").expect(200);
        assertEquals(List.of("paused: nothing fires: everything is paused @" + TestServer.NOW), problems());
        server.post("resume", "{\"namespace\":null}").expect(200);
        server.post("resume", "{\"namespace\":\"dev\"}").expect(200);
        assertEquals(List.of(), problems());
    }

    @Test
    void a_full_disk_and_a_database_that_is_away_are_told_apart_and_first() {
        server.engine.troubles.add(new Trouble(Trouble.CLOCK_SKEW, "2 s", 3L));
        server.database.write(Priority.EDIT, sql -> sql.one("PRAGMA max_page_count=1", row -> row.intAt(1)));
        for (int i = 0; i < 20 && server.database.up(); i++) {
            server.post("namespaces", "{\"name\":\"more-" + i + "\",\"comment\":\"" + "x".repeat(1_000) + "\"}");
        }
        assertEquals(List.of("disk-full", "clock-skew"), codes());
        assertEquals("full", server.send("GET", "/readyz", null, null).expect(503).json().getString("database", ""));
        server.database.write(Priority.EDIT, sql -> sql.one("PRAGMA max_page_count=1000000", row -> row.intAt(1)));
        assertEquals(List.of("clock-skew"), codes());
        server.database.write(Priority.EDIT, sql -> sql.update("PRAGMA query_only=1"));
        server.post("namespaces", "{\"name\":\"lost\"}").expect(503);
        assertEquals(List.of("db-down", "clock-skew"), codes());
        assertEquals("down", server.send("GET", "/readyz", null, null).expect(503).json().getString("database", ""));
    }

    @Test
    void the_default_password_is_told_since_the_start() {
        try (TestServer open = TestServer.start(another, new WebOptions.Login("ann", "secret", true, 2, TestServer.KEY))) {
            String token = open.login("ann", "secret").expect(200).json().getString("token", null);
            JsonObject info = open.send("GET", "/api/v1/info", null, token).expect(200).json();
            assertEquals("[{\"code\":\"default-password\",\"detail\":\"no password is set: only this machine can log in; set NATSJOB_LOGIN_PWD\",\"since\":1000}]",
                    info.get("problems").toString());
        }
    }
}
