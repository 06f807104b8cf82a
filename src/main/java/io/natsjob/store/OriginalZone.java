package io.natsjob.store;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;

/**
 * The zone of the original's times where they have none. Only MySQL's columns are so: Go's driver writes them in the zone of its
 * option {@code loc}, which is UTC unless set.
 */
public final class OriginalZone {
    private static final String LOCAL = "Local";

    private OriginalZone() {}

    /** @param server the zone of this machine's server: of {@code loc=Local}, and where the URL is not of Go's form or names no zone */
    public static ZoneId of(StoreOptions options, ZoneId server) {
        String url = options.url().strip();
        if (!options.type().equals(ServerKind.MYSQL.word()) || url.toLowerCase(Locale.ROOT).startsWith("jdbc:")) {
            return server;
        }
        try {
            String loc = UrlForm.read(ServerKind.MYSQL, url).options().stream().filter(option -> option.name().equalsIgnoreCase("loc"))
                    .map(UrlParts.UrlOption::value).filter(value -> !value.isEmpty()).reduce("UTC", (first, last) -> last);
            return loc.equals(LOCAL) ? server : ZoneId.of(loc);
        } catch (BadUrl | DateTimeException e) {
            return server; // a bad URL is told when the database is opened, and with such a zone the original did not run
        }
    }
}
