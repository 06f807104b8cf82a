package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.web.TestServer.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParentsTest extends WebCase {
    @Test
    void the_first_start_has_namespace_app_and_in_it_app_biz() {
        assertEquals(List.of("app"), server.get("namespaces").expect(200).names());
        Reply apps = server.get("apps").expect(200);
        assertEquals(List.of("biz"), apps.names());
        assertEquals("app", apps.items("items").getFirst().asObject().getString("namespace", ""));
    }

    @Test
    void what_was_created_can_be_read() {
        Reply dev = server.post("namespaces", "{\"name\":\"dev\",\"comment\":\"for us\"}").expect(201);
        assertEquals(List.of("id", "name", "comment", "enabled", "createdAt", "updatedAt", "version"), dev.json().names());
        assertTrue(dev.json().getBoolean("enabled", false));
        assertEquals(dev.json(), server.get(dev.header("Location")).expect(200).json());
        Reply app = server.post("apps", "{\"namespace\":\"dev\",\"name\":\"biz\",\"enabled\":false}").expect(201);
        assertEquals("dev", app.json().getString("namespace", ""));
        assertEquals(app.json(), server.get(app.header("Location")).expect(200).json());
        assertEquals(2, server.engine.changes.get());
        server.get("namespaces/5").expect(404);
        server.get("apps/x").expect(404);
    }

    @Test
    void names_are_unique_in_their_parent_only() {
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        server.post("apps", "{\"namespace\":\"dev\",\"name\":\"biz\"}").expect(201);
        for (Reply reply : List.of(server.post("namespaces", "{\"name\":\"dev\"}"), server.post("apps", "{\"namespace\":\"dev\",\"name\":\"biz\"}"))) {
            assertEquals("name.taken", reply.expect(409).code());
            assertTrue(reply.json().get("current").asObject().get("id").isString());
        }
    }

    @Test
    void bad_fields_are_refused_by_name() {
        Reply reply = server.post("apps", "{\"namespace\":\"nowhere\",\"name\":\"a.b\",\"enabled\":1,\"coment\":\"\"}").expect(400);
        assertEquals(List.of("coment", "name", "enabled", "namespace"), reply.fields());
        assertEquals(List.of("namespace", "name"), server.post("namespaces", "{\"namespace\":\"x\"}").expect(400).fields());
        assertEquals(List.of("namespace"), server.post("apps", "{\"name\":\"x\"}").expect(400).fields());
    }

    @Test
    void lists_filter_and_page() {
        for (String name : List.of("dev", "uat", "test")) {
            server.clock.tick(Duration.ofMillis(1));
            server.post("namespaces", new JsonObject().add("name", name).toString()).expect(201);
            server.post("apps", new JsonObject().add("name", "shop").add("namespace", name).toString()).expect(201);
        }
        assertEquals(List.of("uat", "test"), server.get("namespaces?q=t").names().stream().filter(n -> !n.equals("app")).toList());
        assertEquals(List.of("shop"), server.get("apps?namespace=uat").names());
        assertEquals(List.of(), server.get("apps?namespace=uat&q=biz").names());
        Reply first = server.get("namespaces?limit=3");
        assertEquals(List.of("app", "dev", "uat"), first.names());
        Reply second = server.get("namespaces?limit=3&cursor=" + first.json().getString("next", ""));
        assertEquals(List.of("test"), second.names());
        assertTrue(second.json().get("next").isNull());
        assertEquals("cursor.invalid", server.get("apps?cursor=" + first.json().getString("next", "")).expect(400).code());
    }
}
