package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.json.Json;
import java.util.Map;
import java.util.TreeMap;

/** The leader's answer to a {@link Command}. */
public sealed interface CommandReply {
    /** The job was sent. */
    record Sent(long taskId) implements CommandReply {}

    /**
     * Not done.
     *
     * @param reason a word: a skip reason, {@code gone}, {@code final}, {@code unknown}, {@code keeps}, {@code no-database} or {@code failed}
     * @param detail a sentence for the user
     */
    record Refused(String reason, String detail) implements CommandReply {
        /** There is no such job. */
        public static final String GONE = "gone";
        /** The run has ended before. */
        public static final String FINAL = "final";
        /** There is no such run. */
        public static final String UNKNOWN = "unknown";
        /** The leader's database works, or has not been away for long: it keeps the lease. */
        public static final String KEEPS = "keeps";
        /** The leader's database does not answer: surely nothing was done. */
        public static final String NO_DATABASE = "no-database";
        /** Something went wrong at the leader: it may have been done or not. */
        public static final String FAILED = "failed";
    }

    /** The run is ended, and that is committed. */
    record Ended() implements CommandReply {}

    /** The leader leads no longer, and gives the lease back within a second. */
    record Yielded() implements CommandReply {}

    /**
     * What only the leader's memory knows.
     *
     * @param running       open runs by job, of the jobs that were asked for and have any
     * @param sentAt        epoch milliseconds by run
     * @param open          open runs, of the namespace that was asked for or of all
     * @param parts         of those, parts of broadcasts to named workers that are not answered
     * @param writes        results that wait for their commit
     * @param ignored       answers that changed nothing since the leader's start, by reason
     */
    record Facts(Map<Long, Long> running, Map<Long, Long> sentAt, int open, int parts, int writes, Map<String, Long> ignored) implements CommandReply {}

    default String json() {
        JsonObject json = switch (this) {
            case Sent sent -> new JsonObject().add("sent", Long.toString(sent.taskId));
            case Refused refused -> new JsonObject().add("refused", refused.reason).add("detail", refused.detail);
            case Ended ended -> new JsonObject().add("ended", true);
            case Yielded yielded -> new JsonObject().add("yielded", true);
            case Facts facts -> new JsonObject().add("running", numbers(facts.running)).add("sentAt", numbers(facts.sentAt)).add("open", facts.open).add("parts", facts.parts)
                    .add("writes", facts.writes).add("ignored", numbers(facts.ignored));
        };
        return json.toString();
    }

    /** @throws IllegalArgumentException where it is no reply */
    static CommandReply parse(String json) {
        JsonObject fields = Envelope.object(json);
        if (fields.get("sent") != null) {
            return new Sent(Tokens.id(fields.getString("sent", "")).orElseThrow(() -> new IllegalArgumentException("sent: must be a run's id")));
        }
        if (fields.get("refused") != null) {
            return new Refused(fields.getString("refused", ""), fields.getString("detail", ""));
        }
        if (fields.get("ended") != null) {
            return new Ended();
        }
        if (fields.get("yielded") != null) {
            return new Yielded();
        }
        if (fields.get("open") == null) {
            throw new IllegalArgumentException("not a reply of a leader");
        }
        return new Facts(byId(fields, "running"), byId(fields, "sentAt"), fields.getInt("open", 0), fields.getInt("parts", 0), fields.getInt("writes", 0), numbers(fields, "ignored"));
    }

    private static JsonObject numbers(Map<?, Long> numbers) {
        JsonObject object = new JsonObject();
        numbers.forEach((key, number) -> object.add(key.toString(), number));
        return object;
    }

    private static Map<String, Long> numbers(JsonObject fields, String name) {
        Map<String, Long> numbers = new TreeMap<>();
        JsonValue object = Json.field(fields, name);
        if (object != null && object.isObject()) {
            object.asObject().forEach(member -> numbers.put(member.getName(), member.getValue().asLong()));
        }
        return numbers;
    }

    private static Map<Long, Long> byId(JsonObject fields, String name) {
        Map<Long, Long> numbers = new TreeMap<>();
        numbers(fields, name).forEach((id, number) ->
                numbers.put(Tokens.id(id).orElseThrow(() -> new IllegalArgumentException(name + " '" + id + "': must be an id")), number));
        return numbers;
    }
}
