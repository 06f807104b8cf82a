package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Job;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for what people edit, and for the small tables. */
abstract class EditContract {
    private Database database;
    private App app;

    /** An empty database. */
    abstract Database open();

    /** Called after each test: what {@link #open} made is not needed any more. */
    void drop() {}

    @BeforeEach
    void openDatabase() {
        database = open();
        app = database.read(sql -> AppTable.findByName(sql, "app", "biz")).orElseThrow();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
        drop();
    }

    private boolean done(Function<Sql, Boolean> work) {
        return edit(work);
    }

    private <T> T edit(Function<Sql, T> work) {
        return database.write(Priority.EDIT, work);
    }

    private void run(Consumer<Sql> work) {
        edit(sql -> {
            work.accept(sql);
            return null;
        });
    }

    private Job insert(Job job) {
        return edit(sql -> JobTable.insert(sql, job, LeaderTable.nextChange(sql)));
    }

    private App otherApp(long id, String namespaceName, String name) {
        return edit(sql -> {
            long change = LeaderTable.nextChange(sql);
            Namespace namespace = NamespaceTable.insert(sql, new Namespace(id, 1, namespaceName, "", true, 1, 2), change);
            return AppTable.insert(sql, new App(id, 1, namespace, name, "c", false, 3, 4), change);
        });
    }

    private long lastChange() {
        return database.read(LeaderTable::read).changeSeq();
    }

    private static void refusedAsDuplicate(Runnable edit) {
        assertEquals(StoreException.Kind.DUPLICATE, assertThrows(StoreException.class, edit::run).kind());
    }

    @Test
    void first_start_makes_the_default_namespace_and_app() {
        assertEquals(List.of("app"), database.read(sql -> NamespaceTable.page(sql, null, 0, 10)).stream().map(Namespace::name).toList());
        assertEquals(List.of("biz"), database.read(sql -> AppTable.page(sql, null, null, 0, 10)).stream().map(App::name).toList());
        assertTrue(app.enabled() && app.namespace().enabled());
    }

    @Test
    void namespaces_and_apps_come_back_as_written_filtered_and_paged() {
        App dev = otherApp(7, "dev", "shop");
        assertEquals(Optional.of(dev), database.read(sql -> AppTable.find(sql, 7)));
        assertEquals(Optional.of(dev.namespace()), database.read(sql -> NamespaceTable.find(sql, 7)));
        assertEquals(Optional.of(dev.namespace()), database.read(sql -> NamespaceTable.findByName(sql, "dev")));
        assertEquals(List.of(dev.namespace()), database.read(sql -> NamespaceTable.page(sql, null, 1, 10)), "behind id 1");
        assertEquals(List.of(dev.namespace()), database.read(sql -> NamespaceTable.page(sql, "DE", 0, 10)));
        assertEquals(1, database.read(sql -> NamespaceTable.page(sql, null, 0, 1)).size());
        assertEquals(List.of(dev), database.read(sql -> AppTable.page(sql, "dev", null, 0, 10)));
        assertEquals(List.of(), database.read(sql -> AppTable.page(sql, "dev", "biz", 0, 10)));
        assertEquals(Optional.empty(), database.read(sql -> AppTable.findByName(sql, "dev", "biz")));
    }

    @Test
    void a_name_is_unique_in_its_parent_only() {
        refusedAsDuplicate(() -> otherApp(7, "app", "x"));
        App dev = otherApp(7, "dev", "biz");
        refusedAsDuplicate(() -> run(sql -> AppTable.insert(sql, new App(8, 1, dev.namespace(), "biz", "", true, 1, 1), 9)));
        insert(Samples.job(10, app, "owner"));
        insert(Samples.job(11, dev, "owner"));
        insert(Samples.job(12, app, "Owner"));
        refusedAsDuplicate(() -> insert(Samples.job(13, app, "owner")));
    }

    @Test
    void a_job_comes_back_with_every_field() {
        Job plain = insert(Samples.job(10, app, "plain"));
        Job full = insert(Samples.fullJob(1_789_569_706_147_225_600L, app, "full"));
        assertEquals(Optional.of(plain), database.read(sql -> JobTable.find(sql, 10)));
        assertEquals(Optional.of(full), database.read(sql -> JobTable.find(sql, full.id())));
    }

    @Test
    void a_job_is_updated_only_from_the_version_that_was_read() {
        insert(Samples.job(10, app, "owner"));
        Job full = Samples.fullJob(10, app, "renamed");
        assertFalse(done(sql -> JobTable.update(sql, full, 2, LeaderTable.nextChange(sql))));
        assertTrue(done(sql -> JobTable.update(sql, full, 1, LeaderTable.nextChange(sql))));
        assertFalse(done(sql -> JobTable.update(sql, full, 1, LeaderTable.nextChange(sql))), "now it is 2");
        assertEquals(Optional.of(new Job(10, 2, app, full.spec(), 1_000, 12)), database.read(sql -> JobTable.find(sql, 10)), "created stays");
    }

    @Test
    void renaming_onto_a_living_name_is_refused() {
        insert(Samples.job(10, app, "a"));
        insert(Samples.job(11, app, "b"));
        refusedAsDuplicate(() -> run(sql -> JobTable.update(sql, Samples.job(11, app, "a"), 1, 5)));
    }

    @Test
    void a_deleted_job_is_nowhere_and_its_name_is_free_again_and_again() {
        for (long id = 10; id < 13; id++) {
            long current = id;
            insert(Samples.job(id, app, "owner"));
            assertTrue(done(sql -> JobTable.delete(sql, current, 5, LeaderTable.nextChange(sql))));
            assertFalse(done(sql -> JobTable.delete(sql, current, 5, LeaderTable.nextChange(sql))));
            assertEquals(Optional.empty(), database.read(sql -> JobTable.find(sql, current)));
            assertFalse(done(sql -> JobTable.update(sql, Samples.job(current, app, "owner"), 2, 9)));
        }
        assertEquals(List.of(), database.read(sql -> JobTable.page(sql, JobFilter.ALL, 0, 10)));
        assertEquals(new JobCounts(1, 0, 0), database.read(sql -> JobTable.counts(sql, null)));
    }

    @Test
    void jobs_are_filtered_and_paged_by_id() {
        App dev = otherApp(7, "dev", "shop");
        insert(Samples.job(10, app, "alpha"));
        insert(Samples.fullJob(11, app, "beta"));
        insert(Samples.job(12, dev, "alpha2"));
        assertEquals(List.of(10L, 11L), ids(JobFilter.ALL, 0, 2));
        assertEquals(List.of(12L), ids(JobFilter.ALL, 11, 2));
        assertEquals(List.of(12L), ids(new JobFilter("dev", null, null, null, null, null), 0, 9));
        assertEquals(List.of(10L, 11L), ids(new JobFilter(null, "biz", null, null, null, null), 0, 9));
        assertEquals(List.of(10L, 12L), ids(new JobFilter(null, null, "ALPHA", null, null, null), 0, 9));
        assertEquals(List.of(11L), ids(new JobFilter(null, null, null, false, null, null), 0, 9));
        assertEquals(List.of(11L), ids(new JobFilter(null, null, null, null, Model.ULTRA, null), 0, 9));
        assertEquals(List.of(10L, 12L), ids(new JobFilter(null, null, null, null, null, Category.STANDALONE), 0, 9));
        assertEquals(new JobCounts(2, 3, 2), database.read(sql -> JobTable.counts(sql, null)));
        assertEquals(new JobCounts(1, 1, 1), database.read(sql -> JobTable.counts(sql, 7L)));
    }

    private List<Long> ids(JobFilter filter, long after, int limit) {
        return database.read(sql -> JobTable.page(sql, filter, after, limit)).stream().map(Job::id).toList();
    }

    @Test
    void loading_all_jobs_shares_their_app() {
        insert(Samples.job(10, app, "a"));
        insert(Samples.job(11, app, "b"));
        List<Job> jobs = new ArrayList<>();
        database.read(sql -> {
            JobTable.each(sql, jobs::add);
            return null;
        });
        assertEquals(2, jobs.size());
        assertSame(jobs.get(0).app(), jobs.get(1).app());
    }

    @Test
    void changes_are_told_in_their_order_with_deletes_and_edits_of_the_parents() {
        App dev = otherApp(7, "dev", "shop");
        Job kept = insert(Samples.job(10, app, "kept"));
        insert(Samples.job(11, app, "gone"));
        Job devJob = insert(Samples.job(12, dev, "inDev"));
        long before = lastChange();
        assertEquals(List.of(), database.read(sql -> JobTable.changedSince(sql, before)));
        run(sql -> JobTable.delete(sql, 11, 5, LeaderTable.nextChange(sql)));
        run(sql -> JobTable.update(sql, kept, 1, LeaderTable.nextChange(sql)));
        List<JobChange> changes = database.read(sql -> JobTable.changedSince(sql, before));
        assertEquals(List.of(11L, 10L), changes.stream().map(JobChange::jobId).toList());
        assertEquals(List.of(before + 1, before + 2), changes.stream().map(JobChange::changeSeq).toList());
        assertNull(changes.get(0).job());
        assertEquals(2, changes.get(1).job().version());
        run(sql -> sql.update("UPDATE natsjob_namespace SET enabled = 0, change_seq = ? WHERE id = 7", LeaderTable.nextChange(sql)));
        List<JobChange> byNamespace = database.read(sql -> JobTable.changedSince(sql, before + 2));
        assertEquals(List.of(devJob.id()), byNamespace.stream().map(JobChange::jobId).toList());
        assertFalse(byNamespace.getFirst().job().live());
        run(sql -> sql.update("UPDATE natsjob_app SET enabled = 0, change_seq = ? WHERE id = ?", LeaderTable.nextChange(sql), app.id()));
        assertEquals(List.of(10L), database.read(sql -> JobTable.changedSince(sql, before + 3)).stream().map(JobChange::jobId).toList(), "the deleted one was told");
    }

    @Test
    void totals_of_a_namespace_count_its_jobs_alone() {
        App dev = otherApp(7, "dev", "shop");
        insert(Samples.job(10, app, "a"));
        insert(Samples.job(12, dev, "b"));
        run(sql -> TallyTable.add(sql, 1, List.of(Tally.one(10, "sent", 5), Tally.one(12, "sent", 5), Tally.one(12, "missed", 5))));
        assertEquals(Map.of("sent", 1L, "missed", 1L), database.read(sql -> TallyTable.totals(sql, 7L, 0)));
    }

    @Test
    void a_pause_keeps_its_first_moment_and_stays_until_it_was_counted() {
        run(sql -> PauseTable.pause(sql, 0, 100));
        run(sql -> PauseTable.pause(sql, 0, 200));
        run(sql -> PauseTable.pause(sql, 7, 150));
        run(sql -> PauseTable.remove(sql, 7));
        run(sql -> PauseTable.resume(sql, 0, 300));
        run(sql -> PauseTable.resume(sql, 0, 400));
        assertEquals(List.of(new Pause(0, 100, 300L), new Pause(7, 150, null)), database.read(PauseTable::all), "one that lasts is not removed");
        run(sql -> PauseTable.pause(sql, 0, 500));
        assertEquals(new Pause(0, 100, null), database.read(PauseTable::all).getFirst(), "paused again before it was counted");
        run(sql -> PauseTable.resume(sql, 0, 600));
        run(sql -> PauseTable.remove(sql, 0));
        assertEquals(1, database.read(PauseTable::all).size());
    }

    @Test
    void the_first_writer_of_a_setting_wins() {
        assertEquals(Optional.empty(), database.read(sql -> SettingTable.find(sql, "key")));
        assertEquals("a", edit(sql -> SettingTable.putIfAbsent(sql, "key", "a")));
        assertEquals("a", edit(sql -> SettingTable.putIfAbsent(sql, "key", "b")));
        assertEquals(Optional.of("a"), database.read(sql -> SettingTable.find(sql, "key")));
    }

    @Test
    void revoked_tokens_are_known_until_they_expire() {
        run(sql -> TokenTable.revoke(sql, "t1", 100));
        run(sql -> TokenTable.revoke(sql, "t1", 100));
        run(sql -> TokenTable.revoke(sql, "t2", 200));
        assertEquals(Set.of("t2"), database.read(sql -> TokenTable.revoked(sql, 100)));
        assertEquals(1, (int) edit(sql -> TokenTable.deleteExpired(sql, 100)));
        assertEquals(Set.of("t2"), database.read(sql -> TokenTable.revoked(sql, 0)));
    }

    @Test
    void parked_answers_are_cut_and_the_oldest_make_room() {
        run(sql -> ParkedTable.insert(sql, 100, "k1", "x".repeat(5_000), "refused"));
        run(sql -> ParkedTable.insert(sql, 200, "k2", "y", "refused"));
        List<Parked> parked = database.read(sql -> ParkedTable.list(sql, 10));
        assertEquals(new Parked(2, 200, "k2", "y", "refused"), parked.get(0));
        assertEquals(4_096, parked.get(1).payload().length());
        assertEquals(1, (int) edit(sql -> ParkedTable.deleteBefore(sql, 200)));
        run(sql -> sql.update("UPDATE natsjob_parked SET id = ? WHERE id = 2", ParkedTable.MAX_ROWS + 1));
        run(sql -> sql.update("INSERT INTO natsjob_parked (id, parked_at, key_text, payload, reason) VALUES (2, 1, 'old', '', '')"));
        run(sql -> ParkedTable.insert(sql, 300, "k3", "z", "refused"));
        assertEquals(List.of("k3", "k2"), database.read(sql -> ParkedTable.list(sql, 10)).stream().map(Parked::keyText).toList());
    }
}
