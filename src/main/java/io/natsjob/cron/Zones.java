package io.natsjob.cron;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Time zone names as Go's LoadLocation takes them: IANA names, case-sensitive, never offsets such as {@code +01:00} or
 * {@code UTC+1}. So an expression means the same here and in the original. A name newer than the JDK's zone data is unknown.
 */
public final class Zones {
    private static final ZoneId UTC = ZoneId.of("UTC");

    /** Names that Go knows and the JDK refuses, lists under no id, or would take for something else. */
    private static final Map<String, ZoneId> GO_NAMES = Map.of(
            "", UTC,
            "UTC", UTC,
            "GMT+0", UTC,
            "GMT-0", UTC,
            "Factory", UTC,
            "EST", ZoneOffset.ofHours(-5),
            "MST", ZoneOffset.ofHours(-7),
            "HST", ZoneOffset.ofHours(-10),
            "ROC", ZoneId.of("Asia/Taipei"));

    private static final Set<String> JDK_NAMES = jdkNames();

    private Zones() {
    }

    /**
     * The zone of a name.
     *
     * @param name an IANA name, {@code Local}, or empty (UTC)
     * @param local what {@code Local} means
     * @throws CronException when there is no such zone; its position is 0
     */
    public static ZoneId of(String name, ZoneId local) throws CronException {
        return at(name, 0, name.length(), local);
    }

    /** The zone named by a piece of {@code text}; an error carries the position in {@code text}. */
    static ZoneId at(String text, int from, int to, ZoneId local) throws CronException {
        Objects.requireNonNull(local, "local");
        String name = text.substring(from, to);
        if (name.equals("Local")) {
            return local;
        }
        ZoneId known = GO_NAMES.get(name);
        if (known != null) {
            return known;
        }
        // ZoneId.of must not see other text: it would also accept offsets
        if (JDK_NAMES.contains(name)) {
            return ZoneId.of(name);
        }
        throw CronException.at(text, from, to, "a time zone name such as Europe/Berlin, UTC or Local");
    }

    private static Set<String> jdkNames() {
        Set<String> names = new TreeSet<>(ZoneId.getAvailableZoneIds());
        names.removeIf(name -> name.startsWith("SystemV/"));
        return Set.copyOf(names);
    }
}
