package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Insert a row, or change the one that has its key: what every database writes in another way.
 *
 * @param keys    the columns of the key, the first parameters
 * @param others  the other columns, the parameters behind
 * @param changes {@code column = expression} for a row that is there, over {@code old.column} and {@code new.column}; none: it stays
 */
record Upsert(String table, List<String> keys, List<String> others, List<String> changes) {
    private String columns() {
        List<String> columns = new ArrayList<>(keys);
        columns.addAll(others);
        return String.join(", ", columns);
    }

    private String insert() {
        String marks = "?, ".repeat(keys.size() + others.size() - 1) + "?";
        return "INSERT INTO " + table + " (" + columns() + ") VALUES (" + marks + ")";
    }

    /** {@code ON CONFLICT}: SQLite and PostgreSQL. */
    String onConflict() {
        String start = insert() + " ON CONFLICT (" + String.join(", ", keys) + ") DO ";
        return changes.isEmpty() ? start + "NOTHING" : start + "UPDATE SET " + changes(table + ".", column -> "excluded." + column);
    }

    /** {@code ON DUPLICATE KEY UPDATE}: MySQL and MariaDB, where IGNORE would hide other mistakes too. */
    String onDuplicateKey() {
        String start = insert() + " ON DUPLICATE KEY UPDATE ";
        return changes.isEmpty() ? start + keys.getFirst() + " = " + keys.getFirst() : start + changes("", column -> "VALUES(" + column + ")");
    }

    /** {@code MERGE}: Dameng. */
    String merge() {
        List<String> columns = new ArrayList<>(keys);
        columns.addAll(others);
        String values = columns.stream().map(column -> "? AS " + column).collect(Collectors.joining(", "));
        String match = keys.stream().map(key -> "t." + key + " = n." + key).collect(Collectors.joining(" AND "));
        String update = changes.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET " + changes("t.", column -> "n." + column);
        return "MERGE INTO " + table + " t USING (SELECT " + values + " FROM dual) n ON (" + match + ")" + update + " WHEN NOT MATCHED THEN INSERT ("
                + columns() + ") VALUES (" + columns.stream().map(column -> "n." + column).collect(Collectors.joining(", ")) + ")";
    }

    private String changes(String old, UnaryOperator<String> fresh) {
        String text = String.join(", ", changes).replaceAll("\\bold\\.", old);
        for (String column : others) {
            text = text.replaceAll("\\bnew\\." + column + "\\b", fresh.apply(column));
        }
        return text;
    }
}
