package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class UpsertTest {
    private static final Upsert ADD = new Upsert("t", List.of("a", "b"), List.of("n", "at"),
            List.of("n = old.n + new.n", "at = CASE WHEN new.at > old.at THEN new.at ELSE old.at END"));
    private static final Upsert KEEP = new Upsert("t", List.of("a"), List.of("n"), List.of());

    @Test
    void sqlite_and_postgresql_say_on_conflict() {
        assertEquals("INSERT INTO t (a, b, n, at) VALUES (?, ?, ?, ?) ON CONFLICT (a, b) DO UPDATE SET n = t.n + excluded.n,"
                + " at = CASE WHEN excluded.at > t.at THEN excluded.at ELSE t.at END", ADD.onConflict());
        assertEquals("INSERT INTO t (a, n) VALUES (?, ?) ON CONFLICT (a) DO NOTHING", KEEP.onConflict());
    }

    @Test
    void mysql_says_on_duplicate_key() {
        assertEquals("INSERT INTO t (a, b, n, at) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE n = n + VALUES(n),"
                + " at = CASE WHEN VALUES(at) > at THEN VALUES(at) ELSE at END", ADD.onDuplicateKey());
        assertEquals("INSERT INTO t (a, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE a = a", KEEP.onDuplicateKey());
    }

    @Test
    void dameng_says_merge() {
        assertEquals("MERGE INTO t t USING (SELECT ? AS a, ? AS b, ? AS n, ? AS at FROM dual) n ON (t.a = n.a AND t.b = n.b)"
                + " WHEN MATCHED THEN UPDATE SET n = t.n + n.n, at = CASE WHEN n.at > t.at THEN n.at ELSE t.at END"
                + " WHEN NOT MATCHED THEN INSERT (a, b, n, at) VALUES (n.a, n.b, n.n, n.at)", ADD.merge());
        assertEquals("MERGE INTO t t USING (SELECT ? AS a, ? AS n FROM dual) n ON (t.a = n.a)"
                + " WHEN NOT MATCHED THEN INSERT (a, n) VALUES (n.a, n.n)", KEEP.merge());
    }
}
