package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings the tables up to date: the scripts {@code <dialect>/001.sql, 002.sql ...} beside this class, each in one transaction
 * together with its line in natsjob_version. Forward only. Where a database commits each CREATE by itself (MySQL, Dameng), every
 * statement must be harmless when repeated: a start that died in the middle is finished by the next. {@code ALTER TABLE ... ADD COLUMN} is passed over where the
 * column is there, since not every database can say IF NOT EXISTS there. A script holds plain statements, each ended by a semicolon at the end of a line, and
 * comments on lines of their own.
 */
final class Migrations {
    private static final Log LOG = Log.of("store");
    private static final Pattern COMMENT_LINE = Pattern.compile("(?m)^\\s*--.*$");
    private static final Pattern STATEMENT_END = Pattern.compile(";\\s*(\\R|$)");
    private static final Pattern NEW_COLUMN = Pattern.compile("(?is)ALTER TABLE (\\w+) ADD COLUMN (\\w+) .*");

    private Migrations() {}

    /**
     * Brings the tables up to date and plants the {@link Seed}, one server at a time.
     *
     * @throws StoreException REJECTED when the tables are of a newer natsjob
     */
    static void run(Session session, Dialect dialect) {
        dialect.alone(session, () -> {
            bringUp(session, dialect);
            session.transaction(true, Seed::plant);
        });
    }

    private static void bringUp(Session session, Dialect dialect) {
        List<String> scripts = scripts(dialect.name());
        long version = session.transaction(false, Migrations::version);
        if (version > scripts.size()) {
            throw new StoreException(Kind.REJECTED, dialect.describe() + " has tables of version " + version + ", this natsjob knows versions up to "
                    + scripts.size() + ": start the newer natsjob again, or restore a backup made before it");
        }
        for (int next = (int) version + 1; next <= scripts.size(); next++) {
            apply(session, next, scripts.get(next - 1));
            LOG.info("database tables brought up to date", "version", next);
        }
    }

    private static long version(Sql sql) {
        sql.update("CREATE TABLE IF NOT EXISTS natsjob_version (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)");
        return sql.one("SELECT COALESCE(MAX(version), 0) FROM natsjob_version", row -> row.longAt(1)).orElseThrow();
    }

    private static void apply(Session session, int version, String script) {
        session.transaction(false, sql -> {
            for (String statement : STATEMENT_END.split(COMMENT_LINE.matcher(script).replaceAll(""))) {
                run(sql, statement.strip());
            }
            return sql.update("INSERT INTO natsjob_version (version, applied_at) VALUES (?, ?)", version, sql.clock().millis());
        });
    }

    private static void run(Sql sql, String statement) {
        Matcher column = NEW_COLUMN.matcher(statement);
        if (!statement.isEmpty() && !(column.matches() && sql.columnExists(column.group(1), column.group(2)))) {
            sql.update(statement);
        }
    }

    private static List<String> scripts(String dialect) {
        List<String> scripts = new ArrayList<>();
        for (String script = script(dialect, 1); script != null; script = script(dialect, scripts.size() + 1)) {
            scripts.add(script);
        }
        if (scripts.isEmpty()) {
            throw new IllegalStateException("no migration scripts for " + dialect + " in the jar");
        }
        return scripts;
    }

    private static String script(String dialect, int number) {
        try (InputStream in = Migrations.class.getResourceAsStream(dialect + String.format("/%03d.sql", number))) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("migration script " + number + " of " + dialect, e);
        }
    }
}
