package io.natsjob.store;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a statement is for, in words for a message: its verb and its table, never its values. */
final class Purpose {
    private static final Pattern SHAPE = Pattern.compile("(?is)\\s*(\\w+)\\b.*?\\b((?:natsjob|nj)_\\w+).*");

    private Purpose() {}

    static String of(String sql) {
        Matcher matcher = SHAPE.matcher(sql);
        if (!matcher.matches()) {
            return "run " + sql.strip().lines().findFirst().orElse("an empty statement");
        }
        String verb = switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
            case "select" -> "read from";
            case "insert" -> "insert into";
            case "delete" -> "delete from";
            default -> matcher.group(1).toLowerCase(Locale.ROOT);
        };
        return verb + " " + matcher.group(2);
    }
}
