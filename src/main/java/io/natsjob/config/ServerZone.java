package io.natsjob.config;

import java.time.ZoneId;
import java.util.Map;

/** The server's zone: {@code TZ} where it is set, else the system's. Java itself takes an unknown TZ for GMT without a word. */
record ServerZone(ZoneId zone, String source, String problem) {
    static ServerZone of(Map<String, String> environment, ZoneId system) {
        String text = environment.getOrDefault("TZ", "").strip();
        String name = text.startsWith(":") ? text.substring(1) : text;
        if (name.isEmpty()) {
            return new ServerZone(system, "system", null);
        }
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            String cut = name.length() > 80 ? name.substring(0, 80) + "..." : name;
            return new ServerZone(system, "environment", "TZ=" + cut.replaceAll("\\p{Cntrl}", "?")
                    + " (environment) is not allowed: no such zone; expected a name such as Asia/Shanghai or UTC");
        }
        return new ServerZone(ZoneId.of(name), "environment", null);
    }
}
