package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.nio.charset.StandardCharsets;

/** What a value under a heartbeat key turned out to be. */
public sealed interface Beat permits WorkerBeat, ServerBeat, Beat.Ignored {
    /** Bytes: a larger one is no heartbeat. */
    int MAX_BYTES = 64 << 10;

    /**
     * No sign of life: it is counted and changes nothing.
     *
     * @param reason one of the words below, for the count and the log
     */
    record Ignored(String reason) implements Beat {}

    /** No bytes, or only white space. */
    Ignored EMPTY = new Ignored("empty");
    /** Not a JSON object, or nested too deep. */
    Ignored MALFORMED = new Ignored("malformed");
    /** Larger than {@link #MAX_BYTES}. */
    Ignored TOO_LARGE = new Ignored("too-large");
    /** Its id is not that of its key. */
    Ignored OTHER_ID = new Ignored("other-id");

    /**
     * What {@code value} under {@code key} is; never throws, whatever the bytes are. Field names are matched without regard to
     * case. The key says who it is: an id that is missing is the key's, another one makes the heartbeat void, another
     * namespace or app in the value is passed over.
     */
    static Beat parse(BeatKey key, byte[] value) {
        if (value.length > MAX_BYTES) {
            return TOO_LARGE;
        }
        String text = new String(value, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return EMPTY;
        }
        JsonObject fields;
        try {
            fields = Json.parseObject(text);
        } catch (JsonException e) {
            return MALFORMED;
        }
        String id = BeatFields.text(fields, "id");
        if (!id.isEmpty() && !id.equals(key.id())) {
            return OTHER_ID;
        }
        return switch (key) {
            case BeatKey.Worker worker -> WorkerBeat.of(worker, fields);
            case BeatKey.Server server -> ServerBeat.of(server, fields);
        };
    }
}
