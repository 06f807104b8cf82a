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

    private static String idOf(Reply reply) {
        return reply.json().getString("id", "");
    }

    private Reply job(String namespace, String app, String name) {
        return server.post("jobs", "{\"namespace\":\"" + namespace + "\",\"app\":\"" + app + "\",\"name\":\"" + name + "\",\"schedule\":\"@every 10s\"}").expect(201);
    }

    @Test
    void put_replaces_and_patch_merges() {
        String dev = "namespaces/" + idOf(server.post("namespaces", "{\"name\":\"dev\",\"comment\":\"c\",\"enabled\":false}").expect(201));
        Reply put = server.put(dev, "{\"name\":\"dev2\",\"version\":1}").expect(200);
        assertEquals("dev2", put.json().getString("name", ""));
        assertEquals("", put.json().getString("comment", "?"));
        assertTrue(put.json().getBoolean("enabled", false));
        assertEquals(2, put.json().getLong("version", 0));
        Reply patch = server.patch(dev, "{\"comment\":\"new\",\"version\":2}").expect(200);
        assertEquals("dev2", patch.json().getString("name", ""));
        assertEquals("new", patch.json().getString("comment", ""));
        assertEquals(patch.json(), server.get(dev).expect(200).json());

        String app = "apps/" + idOf(server.post("apps", "{\"namespace\":\"dev2\",\"name\":\"shop\"}").expect(201));
        assertEquals("store", server.put(app, "{\"namespace\":\"dev2\",\"name\":\"store\",\"version\":1}").expect(200).json().getString("name", ""));
        assertEquals("app", server.patch(app, "{\"namespace\":\"app\",\"version\":2}").expect(200).json().getString("namespace", ""));
        assertEquals(List.of("biz", "store"), server.get("apps?namespace=app").names());
        // Get, change, put works: what cannot be written is ignored.
        server.put(app, server.get(app).json().toString()).expect(200);
        assertEquals(7, server.engine.changes.get());
    }

    @Test
    void a_change_needs_the_version_that_was_read_and_tells_of_anothers() {
        String dev = "namespaces/" + idOf(server.post("namespaces", "{\"name\":\"dev\"}").expect(201));
        String shop = "apps/" + idOf(server.post("apps", "{\"namespace\":\"dev\",\"name\":\"shop\"}").expect(201));
        for (String[] each : new String[][] {{dev, "namespace.stale", "{\"name\":\"dev\""}, {shop, "app.stale", "{\"namespace\":\"dev\",\"name\":\"shop\""}}) {
            assertEquals("version.required", server.patch(each[0], "{\"comment\":\"x\"}").expect(400).code());
            assertEquals("version.required", server.put(each[0], each[2] + "}").expect(400).code());
            server.patch(each[0], "{\"comment\":\"mine\",\"version\":1}").expect(200);
            for (Reply late : List.of(server.patch(each[0], "{\"comment\":\"late\",\"version\":1}"), server.put(each[0], each[2] + ",\"version\":1}"))) {
                assertEquals(each[1], late.expect(409).code());
                assertEquals("mine", late.json().get("current").asObject().getString("comment", ""));
            }
            assertEquals(List.of("coment"), server.patch(each[0], "{\"coment\":\"x\",\"version\":2}").expect(400).fields());
        }
    }

    @Test
    void a_name_that_is_taken_is_refused_with_its_holder() {
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        String uat = "namespaces/" + idOf(server.post("namespaces", "{\"name\":\"uat\"}").expect(201));
        Reply taken = server.patch(uat, "{\"name\":\"dev\",\"version\":1}").expect(409);
        assertEquals("name.taken", taken.code());
        assertEquals("dev", taken.json().get("current").asObject().getString("name", ""));
        server.post("apps", "{\"namespace\":\"uat\",\"name\":\"biz\"}").expect(201);
        String shop = "apps/" + idOf(server.post("apps", "{\"namespace\":\"uat\",\"name\":\"shop\"}").expect(201));
        assertEquals("name.taken", server.patch(shop, "{\"name\":\"biz\",\"version\":1}").expect(409).code());
        assertEquals("name.taken", server.patch(shop, "{\"namespace\":\"app\",\"name\":\"biz\",\"version\":1}").expect(409).code());
        assertEquals(List.of("namespace"), server.patch(shop, "{\"namespace\":\"nowhere\",\"version\":1}").expect(400).fields());
    }

    @Test
    void the_default_namespace_stays_under_its_name() {
        String app = "namespaces/" + server.get("namespaces").items("items").getFirst().asObject().getString("id", "");
        assertEquals("namespace.default", server.patch(app, "{\"name\":\"other\",\"version\":1}").expect(409).code());
        assertEquals("namespace.default", server.delete(app).expect(409).code());
        server.patch(app, "{\"comment\":\"may change\",\"enabled\":false,\"version\":1}").expect(200);
        assertEquals(List.of("app"), server.get("namespaces").names());
    }

    @Test
    void a_delete_takes_everything_with_it_and_frees_the_names() {
        String dev = "namespaces/" + idOf(server.post("namespaces", "{\"name\":\"dev\"}").expect(201));
        String shop = "apps/" + idOf(server.post("apps", "{\"namespace\":\"dev\",\"name\":\"shop\"}").expect(201));
        String sale = "jobs/" + idOf(job("dev", "shop", "sale"));
        String kept = "jobs/" + idOf(job("app", "biz", "sale"));
        server.delete(dev).expect(204);
        for (String gone : List.of(dev, shop, sale)) {
            server.get(gone).expect(404);
            server.delete(gone).expect(404);
        }
        server.patch(sale, "{\"comment\":\"x\",\"version\":1}").expect(404);
        server.get(kept).expect(200);
        assertEquals(List.of("sale"), server.get("jobs").names());
        server.post("namespaces", "{\"name\":\"dev\"}").expect(201);
        assertEquals(List.of(), server.get("apps?namespace=dev").names());

        String biz = "apps/" + server.get("apps?namespace=app").items("items").getFirst().asObject().getString("id", "");
        server.delete(biz).expect(204);
        server.get(kept).expect(404);
        server.post("apps", "{\"namespace\":\"app\",\"name\":\"biz\"}").expect(201);
        job("app", "biz", "sale");
    }

    @Test
    void jobs_count_from_the_moment_at_which_their_app_or_namespace_was_enabled_again() {
        String dev = "namespaces/" + idOf(server.post("namespaces", "{\"name\":\"dev\"}").expect(201));
        String shop = "apps/" + idOf(server.post("apps", "{\"namespace\":\"dev\",\"name\":\"shop\"}").expect(201));
        String sale = "jobs/" + idOf(job("dev", "shop", "sale"));
        long version = 1;
        for (String parent : List.of(dev, shop)) {
            server.clock.tick(Duration.ofMinutes(5));
            server.patch(parent, "{\"enabled\":false,\"version\":" + 1 + "}").expect(200);
            assertTrue(server.get(sale).json().get("nextFireAt").isNull());
            server.clock.tick(Duration.ofSeconds(3));
            server.patch(parent, "{\"enabled\":true,\"version\":" + 2 + "}").expect(200);
            long anchor = server.clock.millis() / 1_000 * 1_000;
            assertEquals(anchor + 10_000, server.get(sale).json().getLong("nextFireAt", 0));
            // Another change does not shift it.
            server.clock.tick(Duration.ofSeconds(4));
            server.patch(parent, "{\"comment\":\"x\",\"version\":" + 3 + "}").expect(200);
            server.patch(sale, "{\"comment\":\"x\",\"version\":" + version++ + "}").expect(200);
            assertEquals(anchor + 10_000, server.get(sale).json().getLong("nextFireAt", 0));
        }
    }
}
