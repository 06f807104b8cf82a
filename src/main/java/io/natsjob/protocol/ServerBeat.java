package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A server's sign of life: the original's fields, and behind them ours, which an original does not send.
 *
 * @param startTime  epoch milliseconds, 0 where unknown
 * @param updateTime epoch milliseconds on that server's clock, 0 where unknown
 */
public record ServerBeat(BeatKey.Server key, long startTime, long updateTime, SystemInfo system, Ours ours) implements Beat {
    private static final int MAX_TEXT = 64;

    /**
     * What only our servers say.
     *
     * @param leader        whether it leads
     * @param term          that it leads, 0 while it does not; 0 of an original too
     * @param version       empty of an original
     * @param natsConnected true of an original, whose heartbeat came over NATS
     * @param database      tells databases apart, empty where unknown; up to 64 code points
     */
    public record Ours(boolean leader, long term, String version, boolean natsConnected, String database) {}

    static ServerBeat of(BeatKey.Server key, JsonObject fields) {
        return new ServerBeat(key, BeatFields.instant(fields, "startTime"), BeatFields.instant(fields, "updateTime"),
                SystemInfo.of(BeatFields.object(fields, "systemInfo")),
                new Ours(BeatFields.flag(fields, "leader", false), BeatFields.number(fields, "term", 0), BeatFields.text(fields, "version", MAX_TEXT),
                        BeatFields.flag(fields, "natsConnected", true), BeatFields.text(fields, "database", MAX_TEXT)));
    }

    /** The heartbeat as a server puts it. */
    public byte[] json() {
        JsonObject json = new JsonObject().add("id", key.id()).add("namespace", key.namespace()).add("startTime", text(startTime))
                .add("updateTime", text(updateTime)).add("systemInfo", system.json()).add("leader", ours.leader).add("term", ours.term)
                .add("version", ours.version).add("natsConnected", ours.natsConnected);
        if (!ours.database.isEmpty()) {
            json.add("database", ours.database);
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
