package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Category;
import io.natsjob.job.Model;
import io.natsjob.job.RunNames;
import io.natsjob.json.Json;
import io.natsjob.protocol.JobMessage.Shard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobMessageTest {
    private static final RunNames OWNER = new RunNames("app", "biz", "owner");

    private static JobMessage message(String args) {
        Ending ending = Ending.by("2026-11-22 15:42:25.291", new ResultKey(End.END, OWNER, Long.MAX_VALUE, null));
        return new JobMessage(Long.MAX_VALUE, OWNER, Category.STANDALONE, Model.MAX, "", args, "2026-11-22 15:42:15.291", ending, 3,
                "2026-11-22 15:42:15.000", 1, null, 42);
    }

    @Test
    void writes_the_fields_of_the_original_in_its_order_and_then_ours() {
        String json = new String(message("test").json(), StandardCharsets.UTF_8);
        assertEquals("{\"taskId\":\"9223372036854775807\",\"namespace\":\"app\",\"appName\":\"biz\",\"jobName\":\"owner\",\"jobCategory\":\"standalone\","
                + "\"jobModel\":\"max\",\"condition\":\"\",\"jobArgs\":\"test\",\"jobCreatedAt\":\"2026-11-22 15:42:15.291\","
                + "\"jobExpireTime\":\"2026-11-22 15:42:25.291\",\"jobEndKvKey\":\"natsjob.job.end.app.biz.owner.9223372036854775807\","
                + "\"jobEndResultKvBucket\":\"natsjob-job-results\",\"jobRunningCount\":3,\"nextPayload\":\"\","
                + "\"scheduledTime\":\"2026-11-22 15:42:15.000\",\"attempt\":1,\"epoch\":42}", json);
    }

    @Test
    void a_shard_stands_before_the_epoch_and_comes_back() {
        JobMessage whole = message("test");
        JobMessage part = new JobMessage(whole.taskId(), OWNER, Category.BROADCAST, Model.ULTRA, "clientRound", "", "", whole.ending(), 0, "", 1, new Shard(1, 3), 42);
        assertTrue(new String(part.json(), StandardCharsets.UTF_8).endsWith("\"attempt\":1,\"shardIndex\":1,\"shardTotal\":3,\"epoch\":42}"));
        assertEquals(part, JobMessage.parse(part.json()));
    }

    @Test
    void leaves_the_ending_empty_where_nothing_is_to_be_ended() {
        JobMessage lite = new JobMessage(1, OWNER, Category.STANDALONE, Model.LITE, "", "", "2026-11-22 15:42:15.291", Ending.NONE, 0,
                "2026-11-22 15:42:15.000", 1, null, 1);
        JsonObject fields = Json.parseObject(lite.json());
        for (String name : List.of("jobExpireTime", "jobEndKvKey", "jobEndResultKvBucket")) {
            assertEquals("", fields.get(name).asString(), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "{\"a\":\"b\\n\"}", "\"", "\\", "a\"b\\c", "\b\f\n\r\t", "\u0000\u0001\u001f\u007f", "赚到1个小目标", "😀",
        "</script>\u2028",
        "tail\\"})
    void carries_any_args_unchanged(String args) {
        JobMessage sent = message(args);
        assertEquals(sent, JobMessage.parse(sent.json()));
        assertEquals(args, Json.parseObject(sent.json()).get("jobArgs").asString());
    }

    @Test
    void survives_a_lone_surrogate() {
        assertEquals("a?b", JobMessage.parse(message("a\ud800b").json()).args());
    }

    @Test
    void is_built_fast_enough_for_a_busy_second() {
        JobMessage message = message("x".repeat(200));
        byte[] once = message.json();
        long begin = System.nanoTime();
        for (int i = 0; i < 30_000; i++) {
            assertArrayEquals(once, message.json());
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        // 30,000 a second on half a core is what is asked; this is the alarm for something quadratic
        assertTrue(millis < 3_000, "30,000 messages took " + millis + " ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskId", "namespace", "appName", "jobName", "jobCategory", "jobModel", "condition", "jobArgs", "jobCreatedAt",
        "jobExpireTime",
        "jobEndKvKey", "jobEndResultKvBucket", "jobRunningCount"})
    void names_the_field_that_is_missing(String field) {
        JsonObject fields = Json.parseObject(message("x").json()).remove(field);
        byte[] payload = fields.toString().getBytes(StandardCharsets.UTF_8);
        String error = assertThrows(IllegalArgumentException.class, () -> JobMessage.parse(payload)).getMessage();
        assertTrue(error.contains(field), error);
    }
}
