package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.Misfire;
import io.natsjob.job.Word;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.JobTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.OriginalTables;
import io.natsjob.store.Priority;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.OriginalDatabase;
import io.natsjob.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a database of the original: job by job for the known one, case by case for odd rows. */
final class OriginalImportTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("natsjob.db");
    }

    private Database open() {
        return Database.open(new StoreOptions("sqlite", file().toString(), 1), Clock.system());
    }

    private static List<String> once(Database database) {
        return OriginalImport.once(database, ZONE, NOW);
    }

    static List<Job> jobs(Database database) {
        return database.read(sql -> {
            List<Job> jobs = new ArrayList<>();
            JobTable.each(sql, jobs::add);
            return jobs;
        });
    }

    private static Job job(Database database, String path) {
        return jobs(database).stream().filter(job -> job.path().equals(path)).findFirst().orElseThrow();
    }

    private static String line(List<String> lines, String path) {
        return lines.stream().filter(line -> line.startsWith("job " + path + ": ")).collect(Collectors.joining("\n"));
    }

    static String shown(Job job) {
        var route = job.spec().route();
        String kind = List.<Word>of(route.category(), route.model(), route.subjectModel(), route.condition()).stream().map(Word::word).collect(Collectors.joining(" "));
        return String.join(" | ", job.path(), job.spec().timing().schedule(), kind, job.spec().enabled() ? "on" : "off",
                job.spec().limits().maxConcurrency() + " " + job.spec().limits().timeoutSeconds(), job.spec().args());
    }

    static List<String> expected(String resource) {
        try (var reader = new BufferedReader(new InputStreamReader(OriginalImportTest.class.getResourceAsStream("/store/" + resource), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void takes_over_every_living_job_of_the_known_database() {
        OriginalDatabase.create(file());
        try (Database database = open()) {
            List<String> lines = once(database);
            assertEquals(expected("original-jobs.txt"), jobs(database).stream().map(OriginalImportTest::shown).toList());
            assertEquals(expected("original-report.txt"), lines);
            for (Job job : jobs(database)) {
                assertEquals(Misfire.SKIP, job.spec().timing().misfire(), job.path());
                assertEquals(NOW, job.spec().timing().anchor(), job.path());
                assertEquals(1, job.version(), job.path());
            }
            assertEquals(1_795_361_074_379L, job(database, "app/conc-one/owner").createdAt());
            assertEquals(2124524446168387584L, job(database, "app/conc-one/owner").id());
        }
    }

    @Test
    void namespaces_and_apps_come_along_and_the_default_ones_merge() {
        OriginalDatabase.create(file());
        try (Database database = open()) {
            once(database);
            assertEquals(List.of("app", "rig-ns"), database.read(sql -> NamespaceTable.page(sql, null, 0, 100)).stream().map(n -> n.name()).toList());
            List<String> apps = database.read(sql -> AppTable.page(sql, "app", null, 0, 200)).stream().map(a -> a.name()).toList();
            assertEquals(39, apps.size(), "38 with another name, and biz");
            assertEquals(1, apps.stream().filter("biz"::equals).count());
            assertFalse(apps.contains("crash-late"), "deleted");
            assertEquals(1, job(database, "app/biz/owner").app().id());
        }
    }

    @Test
    void happens_at_the_first_start_only_and_leaves_the_old_tables_alone() {
        OriginalDatabase.create(file());
        try (Database database = open()) {
            assertFalse(once(database).isEmpty());
            assertEquals(List.of(), once(database));
            database.write(Priority.EDIT, sql -> JobTable.delete(sql, 2124524446168387584L, NOW, 99));
        }
        int before;
        try (Database database = open()) {
            assertEquals(List.of(), once(database));
            before = jobs(database).size();
            assertEquals(40, database.read(sql -> OriginalTables.jobs(sql, 0, 1_000)).size(), "rows of nj_app_job");
        }
        OriginalDatabase.execute(file(), OriginalDatabase.job(5, "later", "cron, category, model", "'@daily', 'standalone', 'max'"));
        try (Database database = open()) {
            assertEquals(List.of(), once(database));
            assertEquals(before, jobs(database).size());
        }
    }

    @Test
    void tables_that_appear_after_the_first_start_are_not_imported() {
        try (Database database = open()) {
            assertEquals(List.of(), once(database));
        }
        OriginalDatabase.create(file());
        try (Database database = open()) {
            assertEquals(List.of(), once(database));
            assertEquals(List.of(), jobs(database));
        }
    }

    @Test
    void an_import_that_fails_leaves_nothing_and_is_tried_again() {
        OriginalDatabase.create(file(), "ALTER TABLE nj_app_job RENAME COLUMN cron TO crontab");
        try (Database database = open()) {
            String message = assertThrows(StoreException.class, () -> once(database)).getMessage();
            assertTrue(message.contains("nj_app_job") && message.contains("cron"), message);
            assertEquals(1, database.read(sql -> NamespaceTable.page(sql, null, 0, 100)).size());
        }
        OriginalDatabase.execute(file(), "ALTER TABLE nj_app_job RENAME COLUMN crontab TO cron");
        try (Database database = open()) {
            assertEquals(32, once(database).stream().filter(line -> line.startsWith("job ")).count());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "cron, category, model                  | '61 * * * * *', 'standalone', 'max'            | disabled (it was enabled): its cron text 61 * * * * * is refused: expected second 0-59, found \"61\" at position 0",
        "cron, category, model, status          | 'x', 'standalone', 'max', 1                    | disabled: its cron text x is refused",
        "cron, category, model                  | '', 'standalone', 'max'                        | disabled (it was enabled): its cron text (empty) is refused",
        "cron, category, model                  | '@daily', 'broadcast', 'ultra'                 | enabled",
        "cron, category, model, status          | '@daily', 'map', 'ultra', 1                    | disabled as it was; model ultra became pro",
        "cron, category, model, max_workers     | '@daily', 'standalone', 'max', 0               | enabled; subject model was empty and became jetStream, where the original sends it; maxWorkers 0 became 1",
        "cron, category, model, timeout_seconds | '@daily', 'standalone', 'max', 9223372036854775807 | enabled; subject model was empty and became jetStream, where the original sends it; timeoutSeconds 9223372036854775807 became 86400",
        "cron, category, model, subject_model   | '@daily', 'standalone', 'lite', 'jetStream'    | enabled; subject model became memory: lite is always sent there",
        "cron, category, model, subject_model   | '@daily', 'standalone', 'lite', 'memory'       | enabled",
        "cron, category, model, subject_model   | '@daily', 'standalone', 'max', 'kafka'         | disabled (it was enabled): unknown subject model kafka",
        "cron, category, model, condition_value, subject_model | '@daily', 'standalone', 'max', 'clientBest', 'memory' | enabled; unknown condition clientBest became clientRound",
        "cron, category, model, status          | '@daily', 'standalone', 'max', 7               | disabled: its status 7 is neither",
        "cron, category, model, end_at          | '@daily', 'standalone', 'max', 'tomorrow'      | disabled (it was enabled): its endAt tomorrow cannot be read",
        "cron, category, model, start_at        | '@daily', 'standalone', 'max', '1969-12-31 00:00:00+00:00' | disabled (it was enabled): its startAt 1969-12-31",
        "cron, category, model                  | '@daily', 'single', 'max'                      | NOT imported: unknown category single",
        "cron, category, model                  | '@daily', 'standalone', 'maximal'              | NOT imported: unknown model maximal"
    })
    void an_odd_row_is_told(String columns, String values, String told) {
        OriginalDatabase.create(file(), OriginalDatabase.job(99, "odd", columns, values));
        try (Database database = open()) {
            String line = line(once(database), "app/biz/odd");
            String all = told.startsWith("NOT") ? told : "imported, " + told;
            assertTrue(line.startsWith("job app/biz/odd: " + all), line);
            if (told.startsWith("disabled")) {
                Job odd = job(database, "app/biz/odd");
                assertFalse(odd.spec().enabled());
                assertTrue(told.startsWith("disabled as it was") ? odd.spec().comment().isEmpty() : odd.spec().comment().startsWith("Import: disabled"), odd.spec().comment());
            }
        }
    }

    @Test
    void the_reason_is_kept_before_a_long_description() {
        OriginalDatabase.create(file(), OriginalDatabase.job(99, "odd", "cron, category, model, description",
                "'61 * * * * *', 'standalone', 'max', '" + "中".repeat(1_024) + "'"));
        try (Database database = open()) {
            String line = line(once(database), "app/biz/odd");
            String comment = job(database, "app/biz/odd").spec().comment();
            assertEquals(1_024, comment.codePointCount(0, comment.length()));
            assertTrue(comment.matches("(?s)Import: disabled \\(it was enabled\\): its cron text 61 .* at position 0\\. 中+"), comment);
            assertTrue(line.endsWith("its description was cut to fit 1024 characters"), line);
        }
    }

    @Test
    void cron_text_and_args_that_are_too_long_disable_the_job() {
        String minutes = "0," + "1,".repeat(200) + "2";
        OriginalDatabase.create(file(), OriginalDatabase.job(98, "cron", "cron, category, model", "'" + minutes + " * * * * *', 'standalone', 'max'"),
                OriginalDatabase.job(99, "args", "cron, category, model, args", "'@daily', 'standalone', 'max', '" + "a".repeat(1_025) + "'"));
        try (Database database = open()) {
            once(database);
            assertEquals(256, job(database, "app/biz/cron").spec().timing().schedule().length());
            assertFalse(job(database, "app/biz/cron").spec().enabled());
            assertEquals(1_024, job(database, "app/biz/args").spec().args().length());
            assertFalse(job(database, "app/biz/args").spec().enabled());
        }
    }

    @Test
    void names_that_do_not_fit_are_told_down_to_the_job() {
        OriginalDatabase.create(file(), OriginalDatabase.job(9, "a.b", "cron, category, model", "'@daily', 'standalone', 'max'"),
                "UPDATE nj_app SET name = 'conc one' WHERE name = 'conc-one'",
                "INSERT INTO nj_namespace (id, name, description) VALUES (7, 'n_s', '')",
                "INSERT INTO nj_app (id, name, namespace_id) VALUES (8, 'inner', 7)",
                "INSERT INTO nj_app_job (id, name, cron, category, model, namespace_id, app_id) VALUES (10, 'deep', '@daily', 'standalone', 'max', 7, 8)");
        try (Database database = open()) {
            List<String> refused = once(database).stream().filter(line -> line.contains(": NOT imported: ")).toList();
            String form = "the name is not of the form letters and digits, with single hyphens between them, 1 to 64 characters";
            assertEquals(List.of(
                    "namespace n_s: NOT imported: " + form,
                    "app n_s/inner: NOT imported: its namespace is not",
                    "app app/conc one: NOT imported: " + form,
                    "job app/biz/a.b: NOT imported: " + form,
                    "job n_s/inner/deep: NOT imported: its app is not",
                    "job app/conc one/owner: NOT imported: its app is not"), refused);
        }
    }

    @Test
    void what_has_the_same_name_twice_becomes_one() {
        OriginalDatabase.create(file(), "INSERT INTO nj_app (id, name, namespace_id) VALUES (8, 'biz', 1)",
                "INSERT INTO nj_app_job (id, name, cron, category, model, namespace_id, app_id) VALUES (10, 'owner', '@daily', 'standalone', 'max', 1, 8)",
                "INSERT INTO nj_app_job (id, name, cron, category, model, namespace_id, app_id) VALUES (11, 'other', '@daily', 'standalone', 'max', 1, 8)");
        try (Database database = open()) {
            List<String> lines = once(database);
            assertEquals(2, lines.stream().filter(line -> line.equals("app app/biz: merged with the one that is there")).count());
            assertTrue(line(lines, "app/biz/owner").contains("another job of this name was imported before it"), line(lines, "app/biz/owner"));
            assertEquals(2, jobs(database).stream().filter(job -> job.path().startsWith("app/biz/")).count());
        }
    }

    @Test
    void the_window_is_kept_to_the_millisecond() {
        OriginalDatabase.create(file(), OriginalDatabase.job(9, "window", "cron, category, model, start_at, end_at",
                "'@daily', 'standalone', 'max', '2026-11-22 15:24:28.425435866+00:00', '2026-11-22 15:24:28.5'"));
        try (Database database = open()) {
            once(database);
            assertEquals(1_795_361_068_425L, job(database, "app/biz/window").spec().timing().startAt());
            assertEquals(1_795_361_068_500L - 8 * 3_600_000, job(database, "app/biz/window").spec().timing().endAt(), "without an offset: the server's zone");
        }
    }

    @Test
    void more_lines_than_are_kept_are_counted() {
        OriginalDatabase.create(file(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) "
                + "INSERT INTO nj_app_job (id, name, cron, category, model, namespace_id, app_id) SELECT i, 'j' || i, '@daily', 'standalone', 'max', 1, 2124524454317920256 FROM n");
        try (Database database = open()) {
            List<String> lines = once(database);
            assertEquals(ImportReport.MAX_LINES + 2, lines.size());
            assertTrue(lines.get(ImportReport.MAX_LINES).matches("and 107\\d more lines"), lines.get(ImportReport.MAX_LINES));
            assertEquals(6_032, jobs(database).size());
        }
    }
}
