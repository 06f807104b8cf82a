package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;

/**
 * A worker's sign of life. The texts are never null and already cut to what is kept.
 *
 * @param ip      up to {@value #MAX_IP} code points
 * @param comment up to {@value #MAX_COMMENT}
 * @param weight  0 to {@value #MAX_WEIGHT}: 0 asks for no ultra fires
 */
public record WorkerBeat(BeatKey.Worker key, String ip, String comment, int weight, Usage usage) implements Beat {
    public static final int MAX_IP = 64;
    public static final int MAX_COMMENT = 256;
    public static final int MAX_USAGE = 32;
    public static final int MAX_WEIGHT = 1_000_000;
    /** Of a worker that says nothing of its weight, or nothing that is a number. */
    public static final int DEFAULT_WEIGHT = 100;

    /** How busy its machine and its process are, in the worker's own words, such as {@code 12.50%}; up to {@value #MAX_USAGE} code points each. */
    public record Usage(String machineCpu, String machineMemory, String processCpu, String processRss) {}

    static WorkerBeat of(BeatKey.Worker key, JsonObject fields) {
        return new WorkerBeat(key, BeatFields.text(fields, "ip", MAX_IP), BeatFields.text(fields, "comment", MAX_COMMENT),
                weight(BeatFields.text(fields, "weight").strip()),
                new Usage(BeatFields.text(fields, "machineCpuUsage", MAX_USAGE), BeatFields.text(fields, "machineMemoryUsage", MAX_USAGE),
                        BeatFields.text(fields, "processCpuUsage", MAX_USAGE), BeatFields.text(fields, "processMemoryRss", MAX_USAGE)));
    }

    /**
     * A fraction counts as the next whole number, so that a little is not nothing; below 0 is 0; above the greatest, also
     * infinite, is the greatest; what is no number is as if it were missing.
     */
    private static int weight(String text) {
        try {
            double weight = text.isEmpty() ? DEFAULT_WEIGHT : Double.parseDouble(text);
            return Double.isNaN(weight) ? DEFAULT_WEIGHT : (int) Math.clamp(Math.ceil(weight), 0, MAX_WEIGHT);
        } catch (NumberFormatException e) {
            return DEFAULT_WEIGHT;
        }
    }
}
