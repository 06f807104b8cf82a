package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.Misfire;
import io.natsjob.store.Database;
import io.natsjob.store.JobTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.OriginalZone;
import io.natsjob.store.Priority;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.OriginalDatabase;
import io.natsjob.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The import, its dry run and the refusal of {@code backup}, where the original's tables lie in a database server. */
@Timeout(180)
abstract class OriginalImportContract {
    private static final long NOW = 1_800_000_000_000L;
    private static final long WINDOW_END = 1_795_361_068_425L;
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String name;

    abstract DatabaseServer server();

    /** The one that {@code backup} names. */
    abstract String tool();

    @BeforeEach
    void create() {
        name = server().create();
    }

    @AfterEach
    void drop() {
        server().drop(name);
    }

    /** As the original's users write it; its times are UTC. */
    private String url() {
        return server().goUrl(name).replace("loc=Local", "loc=UTC");
    }

    private StoreOptions options() {
        return new StoreOptions(server().type(), url(), 10);
    }

    private Database open() {
        return Database.open(options(), Clock.system());
    }

    private List<String> once(Database database) {
        return OriginalImport.once(database, OriginalZone.of(options(), SHANGHAI), NOW);
    }

    private static Job job(Database database, String path) {
        return OriginalImportTest.jobs(database).stream().filter(job -> job.path().equals(path)).findFirst().orElseThrow();
    }

    private List<String> originalRows() throws SQLException {
        try (Connection connection = server().connect(name)) {
            return OriginalDatabase.rows(connection);
        }
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new Main(Map.of("NATSJOB_DB_TYPE", server().type(), "NATSJOB_DB_URL", url()), folder, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), config -> 99, demo -> { }).run(arguments);
    }

    private String printed() {
        String printed = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
        assertFalse(printed.contains(DatabaseServer.PASSWORD) || printed.contains("w/o?r#d"), printed);
        return printed;
    }

    @Test
    void takes_over_every_living_job_of_the_known_database_once_and_leaves_its_tables_alone() throws SQLException {
        OriginalDatabase.create(server(), name);
        List<String> before = originalRows();
        assertTrue(before.size() > 90, before.size() + " rows");
        try (Database database = open()) {
            assertEquals(OriginalImportTest.expected("original-report.txt"), once(database));
            assertEquals(OriginalImportTest.expected("original-jobs.txt"), OriginalImportTest.jobs(database).stream().map(OriginalImportTest::shown).toList());
            for (Job job : OriginalImportTest.jobs(database)) {
                assertEquals(Misfire.SKIP, job.spec().timing().misfire(), job.path());
                assertEquals(NOW, job.spec().timing().anchor(), job.path());
            }
            assertEquals(1_795_361_074_379L, job(database, "app/conc-one/owner").createdAt());
            assertEquals(2124524446168387584L, job(database, "app/conc-one/owner").id());
            assertEquals(List.of(), once(database));
            database.write(Priority.EDIT, sql -> JobTable.delete(sql, 2124524446168387584L, NOW, 99));
        }
        try (Database database = open()) {
            assertEquals(List.of(), once(database));
            assertEquals(31, OriginalImportTest.jobs(database).size());
        }
        assertEquals(before, originalRows());
    }

    @Test
    void odd_rows_are_told_as_on_sqlite() {
        String none = server().type().equals("mysql") ? "'0000-00-00 00:00:00'" : "'0001-01-01 00:00:00+00:00'";
        OriginalDatabase.create(server(), name,
                OriginalDatabase.job(90, "refused", "cron, category, model, description", "'61 * * * * *', 'standalone', 'max', '中文😀'"),
                OriginalDatabase.job(91, "ultra", "cron, category, model, subject_model", "'@daily', 'map', 'ultra', ''"),
                OriginalDatabase.job(92, "gone", "cron, category, model, deleted", "'@daily', 'standalone', 'max', 1"),
                OriginalDatabase.job(93, "window", "cron, category, model, start_at, end_at", "'@daily', 'standalone', 'max', " + none + ", "
                        + (server().type().equals("mysql") ? "'2026-11-22 15:24:28.425435'" : "'2026-11-22 23:24:28.425435+08:00'")));
        try (Database database = open()) {
            List<String> lines = once(database);
            String refused = "disabled (it was enabled): its cron text 61 * * * * * is refused: expected second 0-59, found \"61\" at position 0";
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("job app/biz/refused: imported, " + refused + ";")), lines.toString());
            assertEquals("Import: " + refused + ". 中文😀", job(database, "app/biz/refused").spec().comment());
            assertFalse(job(database, "app/biz/refused").spec().enabled());
            assertEquals("map pro jetStream", kind(job(database, "app/biz/ultra")));
            assertTrue(OriginalImportTest.jobs(database).stream().noneMatch(job -> job.path().equals("app/biz/gone")));
            assertEquals(WINDOW_END, job(database, "app/biz/window").spec().timing().endAt());
            assertEquals(null, job(database, "app/biz/window").spec().timing().startAt());
        }
    }

    private static String kind(Job job) {
        var route = job.spec().route();
        return route.category().word() + " " + route.model().word() + " " + route.subjectModel().word();
    }

    @Test
    void an_import_that_fails_leaves_nothing_and_is_tried_again() {
        OriginalDatabase.create(server(), name);
        OriginalDatabase.execute(server(), name, "ALTER TABLE nj_app_job RENAME COLUMN cron TO crontab");
        try (Database database = open()) {
            String message = assertThrows(StoreException.class, () -> once(database)).getMessage();
            assertTrue(message.contains("nj_app_job"), message);
            assertEquals(1, database.read(sql -> NamespaceTable.page(sql, null, 0, 100)).size());
            assertEquals(List.of(), OriginalImportTest.jobs(database));
        }
        OriginalDatabase.execute(server(), name, "ALTER TABLE nj_app_job RENAME COLUMN crontab TO cron");
        try (Database database = open()) {
            assertEquals(32, once(database).stream().filter(line -> line.startsWith("job ")).count());
        }
    }

    @Test
    void a_dry_run_says_what_the_first_start_then_does_and_writes_nothing() throws SQLException {
        assertEquals(0, run("import", "--dry-run"), printed());
        assertTrue(printed().contains("no tables of an original natsjob"), printed());
        OriginalDatabase.create(server(), name);
        List<String> before = originalRows();
        assertEquals(0, run("import", "--dry-run"), printed());
        List<String> lines = printed().lines().toList();
        assertTrue(lines.getFirst().matches("dry run, nothing is written: (MySQL|PostgreSQL) at 127\\.0\\.0\\.1:\\d+, database " + name + ", user natsjob"), lines.getFirst());
        assertEquals(before, originalRows());
        assertEquals(List.of(), ownTables());
        try (Database database = open()) {
            assertEquals(0, run("import", "--dry-run"), printed());
            assertTrue(printed().contains("job app/conc-one/owner: imported"), "tables, but no import yet: " + printed());
            assertEquals(once(database), lines.subList(1, lines.size()));
            assertEquals(0, run("import", "--dry-run"), printed());
            assertTrue(printed().contains("has imported the original's jobs in this database before"), printed());
        }
    }

    private List<String> ownTables() throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = server().connect(name);
                ResultSet found = connection.getMetaData().getTables(connection.getCatalog(), connection.getSchema(), "natsjob%", null)) {
            while (found.next()) {
                tables.add(found.getString("TABLE_NAME"));
            }
        }
        return tables;
    }

    @Test
    void a_dry_run_may_look_into_another_database_and_says_when_it_cannot() {
        String other = server().create();
        OriginalDatabase.create(server(), other);
        assertEquals(0, run("import", "--dry-run", "--url-of-original", url().replace(name, other)), printed());
        assertTrue(printed().contains("database " + other) && printed().contains("job app/conc-one/owner: imported"), printed());
        server().drop(other);
        assertEquals(1, run("import", "--dry-run", "--url-of-original=" + url().replace(name, other)), printed());
        assertTrue(printed().contains("there is no database " + other), printed());
        assertEquals(1, run("import", "--dry-run", "--url-of-original", "data/natsjob.db"), printed());
        assertTrue(printed().startsWith("natsjob: NATSJOB_DB_URL is not allowed: "), printed());
    }

    @Test
    void backup_names_the_kind_and_its_own_tool() {
        assertEquals(2, run("backup", "copy.db"));
        assertEquals("natsjob: backup copies SQLite files, and NATSJOB_DB_TYPE is " + server().type() + ": use " + tool()
                + ", as docs/database.md says under Backup and restore", printed().strip());
        assertFalse(folder.resolve("copy.db").toFile().exists());
    }
}
