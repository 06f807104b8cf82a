package io.natsjob.store;

import java.util.Locale;

/** Which of the accepted forms a text has. A text of another kind of database is refused with the setting that fits it. */
final class UrlForm {
    private UrlForm() {}

    static UrlParts read(ServerKind kind, String text) throws BadUrl {
        String start = text.substring(0, Math.min(text.length(), 24)).toLowerCase(Locale.ROOT);
        if (start.startsWith("jdbc:")) {
            return JdbcUrl.parse(kind, text);
        }
        if (start.startsWith("postgres://") || start.startsWith("postgresql://")) {
            demand(kind, ServerKind.POSTGRES, "a URL of PostgreSQL");
            return PgUrl.parse(text);
        }
        if (start.startsWith("dm://")) {
            demand(kind, ServerKind.DM, "a URL of Dameng");
            return DmUrl.parse(text);
        }
        if (start.matches("[a-z][a-z0-9+.-]*://.*")) {
            throw new BadUrl("its scheme is unknown");
        }
        return switch (kind) {
            case MYSQL -> {
                if (PgKeywordUrl.looksLike(text)) {
                    throw mismatch(ServerKind.POSTGRES, "a URL of PostgreSQL", kind);
                }
                yield GoMysqlUrl.parse(text);
            }
            case POSTGRES -> {
                if (GoMysqlUrl.looksLike(text)) {
                    throw mismatch(ServerKind.MYSQL, "a URL of MySQL", kind);
                }
                yield PgKeywordUrl.parse(text);
            }
            case DM -> throw new BadUrl("it does not begin with dm:// or jdbc:dm://");
        };
    }

    /** Refuses a text that belongs to {@code needed} where another kind is set. */
    static void demand(ServerKind kind, ServerKind needed, String what) throws BadUrl {
        if (kind != needed) {
            throw mismatch(needed, what, kind);
        }
    }

    private static BadUrl mismatch(ServerKind needed, String what, ServerKind kind) {
        return new BadUrl("it is " + what + " (NATSJOB_DB_TYPE=" + needed.word() + "), while NATSJOB_DB_TYPE is " + kind.word());
    }
}
