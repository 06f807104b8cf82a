package io.natsjob.store;

import io.natsjob.store.UrlParts.UrlOption;
import java.util.ArrayList;
import java.util.List;

/** The part of a URL after the {@code ?}: {@code name=value} joined by {@code &}, percent-encoded. */
final class UrlQuery {
    private final List<UrlOption> options = new ArrayList<>();

    private UrlQuery() {}

    /** Reads the text after the {@code ?}; null for none. */
    static UrlQuery parse(ServerKind kind, String text) throws BadUrl {
        return parse(kind, text, true);
    }

    /** The same with names and values as they are, for a driver that knows no percent-encoding. */
    static UrlQuery parseRaw(ServerKind kind, String text) throws BadUrl {
        return parse(kind, text, false);
    }

    private static UrlQuery parse(ServerKind kind, String text, boolean encoded) throws BadUrl {
        UrlQuery query = new UrlQuery();
        if (text == null) {
            return query;
        }
        String before = "";
        for (String part : text.split("&")) {
            int equals = part.indexOf('=');
            if (equals < 0 && !part.isEmpty()) {
                throw new BadUrl("an option without =: options are name=value, joined by &, and a & in a value is written %26");
            }
            if (!part.isEmpty()) {
                UrlOption option = encoded ? new UrlOption(Percent.decode(part.substring(0, equals), true), Percent.decode(part.substring(equals + 1), true))
                        : new UrlOption(part.substring(0, equals), part.substring(equals + 1));
                if (before.equalsIgnoreCase("password") && !Options.known(kind, option.name())) {
                    throw new BadUrl("after password=... stands no option that is accepted: a & in a password is written %26");
                }
                query.options.add(option);
                before = option.name();
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
