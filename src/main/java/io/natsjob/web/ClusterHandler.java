package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.web.Engine.ServerView;
import io.natsjob.web.Engine.WorkerView;
import java.util.Comparator;
import java.util.List;

/** Live workers and servers, as this server knows them from their heartbeats. Needs no database. */
final class ClusterHandler {
    private static final char WORKERS = 'w';

    private final Engine engine;

    ClusterHandler(Engine engine) {
        this.engine = engine;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "workers", this::workers),
                Endpoint.api("GET", "servers", this::servers));
    }

    /** By namespace, app and id, so that a cursor means the same on every server. */
    private Answer workers(Request request) {
        Query query = request.query("namespace", "app", "limit", "cursor");
        Page page = Page.of(query);
        String namespace = query.text("namespace");
        String app = query.text("app");
        query.check();
        String after = page.cursor() == null ? "" : Cursor.readText(page.cursor(), WORKERS);
        List<WorkerView> rows = engine.workers(namespace, app).stream().filter(worker -> key(worker).compareTo(after) > 0)
                .sorted(Comparator.comparing(ClusterHandler::key)).limit(page.rows()).toList();
        return Answer.ok(page.answer(rows, ClusterHandler::of, worker -> Cursor.ofText(WORKERS, key(worker))));
    }

    private Answer servers(Request request) {
        request.query().check();
        JsonArray items = new JsonArray();
        engine.servers().forEach(server -> items.add(of(server)));
        return Answer.ok(new JsonObject().add("items", items));
    }

    /** Names have no blank, and it sorts before all that they have. */
    private static String key(WorkerView worker) {
        return worker.namespace() + " " + worker.app() + " " + worker.id();
    }

    private static JsonObject of(WorkerView worker) {
        return new JsonObject()
                .add("id", worker.id())
                .add("namespace", worker.namespace())
                .add("app", worker.app())
                .add("ip", text(worker.ip()))
                .add("comment", worker.comment())
                .add("weight", worker.weight())
                .add("machineCpuUsage", text(worker.usage().machineCpu()))
                .add("machineMemoryUsage", text(worker.usage().machineMemory()))
                .add("processCpuUsage", text(worker.usage().processCpu()))
                .add("processMemoryRss", text(worker.usage().processRss()))
                .add("firstSeenAt", worker.firstSeenAt())
                .add("seenAt", worker.seenAt());
    }

    private static JsonObject of(ServerView server) {
        return new JsonObject()
                .add("id", server.id())
                .add("namespace", server.namespace())
                .add("leader", server.leader())
                .add("term", number(server.term()))
                .add("version", text(server.version()))
                .add("host", text(server.machine().host()))
                .add("ip", text(server.machine().ip()))
                .add("os", text(server.machine().os()))
                .add("arch", text(server.machine().arch()))
                .add("cpus", number(server.machine().cpus()))
                .add("pid", number(server.pid()))
                .add("startedAt", number(server.startedAt()))
                .add("seenAt", server.seenAt())
                .add("machineCpu", text(server.usage().machineCpu()))
                .add("machineMemory", text(server.usage().machineMemory()))
                .add("processCpu", text(server.usage().processCpu()))
                .add("processRss", text(server.usage().processRss()))
                .add("natsConnected", server.natsConnected());
    }

    /** What is unknown is null. */
    private static JsonValue text(String value) {
        return value.isEmpty() ? Json.NULL : Json.value(value);
    }

    private static JsonValue number(long value) {
        return value == 0 ? Json.NULL : Json.value(value);
    }
}
