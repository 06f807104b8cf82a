package io.natsjob.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** natsjob_revoked: tokens that were logged out before they expired. */
public final class TokenTable {
    private static final Upsert KEEP_FIRST = new Upsert("natsjob_revoked", List.of("id"), List.of("expires_at"), List.of());

    private TokenTable() {}

    /** @param id the token's own id, at most 64 characters, not the token */
    public static void revoke(Sql sql, String id, long expiresAt) {
        sql.upsert(KEEP_FIRST, id, expiresAt);
    }

    /** The revoked ids that have not expired. */
    public static Set<String> revoked(Sql sql, long now) {
        Set<String> ids = new HashSet<>();
        sql.each("SELECT id FROM natsjob_revoked WHERE expires_at > ?", row -> ids.add(row.text(1)), now);
        return ids;
    }

    public static boolean isRevoked(Sql sql, String id) {
        return sql.one("SELECT 1 FROM natsjob_revoked WHERE id = ?", row -> true, id).orElse(false);
    }

    /** Answers how many went. */
    public static int deleteExpired(Sql sql, long now) {
        return sql.update("DELETE FROM natsjob_revoked WHERE expires_at <= ?", now);
    }
}
