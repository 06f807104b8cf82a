package io.natsjob.store;

import io.natsjob.store.UrlParts.UrlOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The options of a URL after judgement: what is in no rule is refused, the dangerous ones with the reason.
 *
 * @param properties the driver's properties asked for; of an option given twice the last one counts, as everywhere
 * @param database   the schema that an option names, empty for none
 */
record Options(Map<String, String> properties, String database) {
    private static final int NAME_SHOWN_MAX_CHARS = 64;
    /** Parts of an address that may stand among the options. */
    private static final Set<String> PARTS = Set.of("host", "port", "user", "password", "dbname", "database");

    static Options read(ServerKind kind, List<UrlOption> options) throws BadUrl {
        Map<String, String> properties = new LinkedHashMap<>();
        for (UrlOption option : options) {
            OptionRule rule = kind.rules().get(option.name().toLowerCase(Locale.ROOT));
            if (rule == null) {
                throw refused(option.name());
            }
            String value = rule.value().apply(option.value());
            if (value == null) {
                throw new BadUrl("option " + rule.name() + ": expected " + rule.words());
            }
            if (!rule.property().isEmpty()) {
                properties.put(rule.property(), value);
            }
        }
        String schema = properties.remove(OptionRule.SCHEMA);
        return new Options(properties, schema == null ? "" : schema);
    }

    /** Whether an option of this name is accepted, or refused by name; any other text may be the rest of a password. */
    static boolean known(ServerKind kind, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return kind.rules().containsKey(lower) || RefusedOptions.REASONS.containsKey(lower) || PARTS.contains(lower);
    }

    private static BadUrl refused(String name) {
        String danger = RefusedOptions.REASONS.get(name.toLowerCase(Locale.ROOT));
        if (danger != null) {
            return new BadUrl("option " + name + " is refused: it " + danger);
        }
        // What looks like no name of an option may be the rest of a password with & or = in it.
        boolean named = name.length() <= NAME_SHOWN_MAX_CHARS && name.matches("[A-Za-z][A-Za-z0-9_.-]*");
        return new BadUrl(named ? "option " + name + " is unknown here: the options that are accepted stand in docs/configuration.md, Database URL"
                : "an option that is no name=value: in a value, & = ? / # and % are written %26 %3D %3F %2F %23 and %25");
    }
}
