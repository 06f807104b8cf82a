package io.natsjob.store;

import java.util.List;
import java.util.Optional;

/** natsjob_setting: what all servers of a database share, such as the signing key. Its contents are secrets. */
public final class SettingTable {
    private static final Upsert KEEP_FIRST = new Upsert("natsjob_setting", List.of("name"), List.of("content"), List.of());

    private SettingTable() {}

    public static Optional<String> find(Sql sql, String name) {
        return sql.one("SELECT content FROM natsjob_setting WHERE name = ?", row -> row.text(1), name);
    }

    /** The first writer wins; answers what stands there now. */
    public static String putIfAbsent(Sql sql, String name, String content) {
        sql.upsert(KEEP_FIRST, name, content);
        return find(sql, name).orElseThrow();
    }

    /** Compare-and-set; false: something else stands there, or nothing. */
    static boolean replace(Sql sql, String name, String from, String to) {
        return 1 == sql.update("UPDATE natsjob_setting SET content = ? WHERE name = ? AND content = ?", to, name, from);
    }
}
