package io.natsjob.store;

import io.natsjob.store.UrlParts.UrlOption;
import java.util.ArrayList;
import java.util.List;

/** The part of a URL after the {@code ?}: {@code name=value} joined by {@code &}, percent-encoded. */
final class UrlQuery {
    private final List<UrlOption> options = new ArrayList<>();

    private UrlQuery() {}

    /** Reads the text after the {@code ?}; null for none. */
    static UrlQuery parse(String text) throws BadUrl {
        return parse(text, true);
    }

    /** The same with names and values as they are, for a driver that knows no percent-encoding. */
    static UrlQuery parseRaw(String text) throws BadUrl {
        return parse(text, false);
    }

    private static UrlQuery parse(String text, boolean encoded) throws BadUrl {
        UrlQuery query = new UrlQuery();
        if (text == null) {
            return query;
        }
        for (String part : text.split("&")) {
            int equals = part.indexOf('=');
            if (equals < 0 && !part.isEmpty()) {
                throw new BadUrl("an option without =: options are name=value, joined by &, and a & in a value is written %26");
            }
            if (!part.isEmpty()) {
                String name = part.substring(0, equals);
                String value = part.substring(equals + 1);
                query.options.add(encoded ? new UrlOption(Percent.decode(name, true), Percent.decode(value, true)) : new UrlOption(name, value));
            }
        }
        return query;
    }

    /** Removes the option of this name and returns its last value, or {@code otherwise} where there is none. */
    String take(String name, String otherwise) {
        String value = otherwise;
        for (UrlOption option : options) {
            value = option.name().equalsIgnoreCase(name) ? option.value() : value;
        }
        options.removeIf(option -> option.name().equalsIgnoreCase(name));
        return value;
    }

    /** What was not taken. */
    List<UrlOption> rest() {
        return List.copyOf(options);
    }
}
