package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BeatTest {
    private static final BeatKey KEY = new BeatKey.Worker("app", "biz", "w-1");

    private static List<JsonObject> captured(String start) {
        try (InputStream in = BeatTest.class.getResourceAsStream("/protocol/wire.jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Json::parseObject)
                    .filter(line -> line.getString("key", "").startsWith(start)).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static WorkerBeat worker(String json) {
        return assertInstanceOf(WorkerBeat.class, Beat.parse(KEY, json.getBytes(StandardCharsets.UTF_8)), json);
    }

    @Test
    void every_captured_heartbeat_of_a_worker_is_read() {
        List<JsonObject> lines = captured(BeatKey.WORKERS);
        assertEquals(5, lines.size());
        for (JsonObject line : lines) {
            BeatKey key = BeatKey.parse(line.getString("key", "")).orElseThrow();
            assertEquals(line.getString("key", ""), key.text());
            WorkerBeat beat = assertInstanceOf(WorkerBeat.class, Beat.parse(key, line.getString("value", "").getBytes(StandardCharsets.UTF_8)));
            JsonObject sent = Json.parseObject(line.getString("value", ""));
            assertEquals(sent.getString("id", ""), beat.key().id());
            assertEquals(sent.getString("appName", ""), beat.key().app());
            assertEquals("127.0.0.1", beat.ip());
            assertEquals(sent.getString("comment", ""), beat.comment());
            assertEquals(100, beat.weight());
        }
    }

    @Test
    void the_captured_heartbeat_of_a_server_is_read_and_ours_begins_with_the_same_fields() {
        JsonObject line = captured(BeatKey.SERVERS).getFirst();
        BeatKey key = BeatKey.parse(line.getString("key", "")).orElseThrow();
        ServerBeat beat = assertInstanceOf(ServerBeat.class, Beat.parse(key, line.getString("value", "").getBytes(StandardCharsets.UTF_8)));
        assertEquals("23.54G", beat.system().machine().memory().total());
        assertEquals(7_952, beat.system().process().pid());
        assertEquals(new ServerBeat.Ours(false, 0, "", true, ""), beat.ours());
        JsonObject sent = Json.parseObject(line.getString("value", ""));
        JsonObject ours = Json.parseObject(new String(beat.json(), StandardCharsets.UTF_8));
        assertEquals(sent.get("systemInfo"), ours.get("systemInfo"));
        assertEquals(sent.names(), ours.names().subList(0, sent.names().size()));
        assertEquals("2026-11-22T15:42:07.712Z", ours.getString("startTime", ""), "the same instant, to the millisecond");
        assertEquals(beat, Beat.parse(key, beat.json()));
    }

    @Test
    void ours_reads_back() {
        ServerBeat beat = assertInstanceOf(ServerBeat.class, Beat.parse(new BeatKey.Server("app", "s"), "{}".getBytes(StandardCharsets.UTF_8)));
        ServerBeat full = new ServerBeat(beat.key(), 5, 6, beat.system(), new ServerBeat.Ours(true, 7, "1.2.3", false, "db-1"));
        assertEquals(full, Beat.parse(full.key(), full.json()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{}|100", "{\"weight\":7}|7", "{\"Weight\":\" 7 \"}|7", "{\"weight\":0}|0", "{\"weight\":\"0\"}|0",
            "{\"weight\":null}|100", "{\"weight\":\"heavy\"}|100", "{\"weight\":\"NaN\"}|100", "{\"weight\":[1]}|100", "{\"weight\":\"\"}|100", "{\"weight\":-5}|0",
            "{\"weight\":0.25}|1", "{\"weight\":1e99}|1000000", "{\"weight\":1e999999}|1000000", "{\"weight\":2000000}|1000000", "{\"weight\":-1e999}|0"})
    void a_weight_is_a_number_or_a_text_and_never_out_of_bounds(String json, int weight) {
        assertEquals(weight, worker(json).weight());
    }

    @Test
    void names_are_matched_without_regard_to_case_and_the_key_wins() {
        WorkerBeat beat = worker("{\"ID\":\"w-1\",\"Namespace\":\"other\",\"APPNAME\":\"other\",\"IP\":\"10.0.0.1\",\"machinecpuusage\":12.5}");
        assertEquals(KEY, beat.key());
        assertEquals("10.0.0.1", beat.ip());
        assertEquals("12.5", beat.usage().machineCpu());
    }

    @Test
    void texts_are_cut_to_what_is_kept() {
        String text = "😀".repeat(1_000);
        WorkerBeat beat = worker("{\"ip\":\"" + text + "\",\"comment\":\"" + text + "\",\"processMemoryRss\":\"" + text + "\"}");
        assertEquals(List.of(64, 256, 32), List.of(beat.ip(), beat.comment(), beat.usage().processRss()).stream().map(cut -> cut.codePointCount(0, cut.length())).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|empty", "'  '|empty", "alive|malformed", "[]|malformed", "{|malformed", "{\"id\":\"w-2\"}|other-id", "{\"id\":1}|other-id"})
    void what_is_no_heartbeat_has_a_reason(String value, String reason) {
        assertEquals(new Beat.Ignored(reason), Beat.parse(KEY, value.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_heap_of_bytes_is_no_heartbeat() {
        assertEquals(Beat.TOO_LARGE, Beat.parse(KEY, new byte[Beat.MAX_BYTES + 1]));
        assertEquals(Beat.MALFORMED, Beat.parse(KEY, new byte[] {'{', (byte) 0xC3, 0x28}));
        assertEquals(Beat.MALFORMED, Beat.parse(KEY, "[".repeat(50_000).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "natsjob.heartbeat.client.app.biz", "natsjob.heartbeat.client.app.biz.a.b", "natsjob.heartbeat.client.app.-biz.a", "natsjob.heartbeat.server.app",
            "natsjob.heartbeat.agent.app.biz.a", "natsjob.heartbeat.client.app.biz.a>", "x.natsjob.heartbeat.client.app.biz"})
    void other_keys_are_none(String key) {
        assertEquals(Optional.empty(), BeatKey.parse(key));
    }

    @Test
    void an_id_may_be_as_long_as_existing_workers_make_it() {
        assertTrue(BeatKey.parse("natsjob.heartbeat.client.app.natsjob-demo.vm=127-0-0-1=0=74d5d64d").isPresent());
    }
}
