package io.natsjob.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, texts, words, timing and fires. */
class NounsTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @ParameterizedTest
    @ValueSource(strings = {"a", "9", "app", "A-b-9", "owner-sync-2"})
    void a_name_is_letters_and_digits_with_single_hyphens_between(String name) {
        assertTrue(Names.valid(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", "a-", "a--b", "a.b", "a_b", "a b", "a*", "a>", "a\n", "\u00e4", "\uD83D\uDE00", "a/b"})
    void anything_else_is_no_name(String name) {
        assertFalse(Names.valid(name));
    }

    @Test
    void a_name_has_64_characters_at_most() {
        assertTrue(Names.valid("a".repeat(64)));
        assertFalse(Names.valid("a".repeat(65)));
        assertFalse(Names.valid(null));
    }

    @Test
    void texts_are_cut_by_code_points_and_lose_what_databases_refuse() {
        assertEquals("", Texts.kept(null, 3));
        assertEquals("abc", Texts.kept("abcd", 3));
        assertEquals("\uD83D\uDE00\uD83D\uDE00", Texts.kept("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", 2));
        assertEquals("a\uFFFDb", Texts.kept("a\u0000b", 9));
        assertEquals("a\uFFFDb\uFFFD", Texts.kept("a\uD800b\uDC00", 9));
        assertEquals("\uFFFD\uFFFD", Texts.kept("\uDE00\uD83D", 9), "a pair the wrong way round");
    }

    @Test
    void words_are_found_as_they_are_spelt() {
        assertEquals(Optional.of(Model.LITE), Word.find(Model.class, "lite"));
        assertEquals(Optional.empty(), Word.find(Model.class, "Lite"));
        assertEquals(Optional.empty(), Word.find(Model.class, ""));
        assertEquals(SubjectModel.JET_STREAM, Word.stored(SubjectModel.class, "jetStream"));
        assertEquals("skip|fireOnce|fireAll", Word.all(Misfire.class));
        assertTrue(assertThrows(IllegalStateException.class, () -> Word.stored(RunState.class, "done")).getMessage().contains("RunState 'done'"));
    }

    @ParameterizedTest
    @CsvSource({"LITE,false", "PLUS,false", "MAX,true", "PRO,true", "ULTRA,true"})
    void runs_are_recorded_from_max_on(Model model, boolean recorded) {
        assertEquals(recorded, model.recorded());
    }

    @ParameterizedTest
    @CsvSource({"true,true,true,true", "false,true,true,false", "true,false,true,false", "true,true,false,false"})
    void a_job_is_live_when_it_its_app_and_its_namespace_are_enabled(boolean job, boolean app, boolean namespace, boolean live) {
        JobSpec spec = Jobs.of(7, Model.MAX, SubjectModel.MEMORY).spec();
        JobSpec enabled = new JobSpec(spec.name(), "", job, spec.timing(), spec.route(), spec.limits(), "");
        assertEquals(live, Jobs.of(7, enabled, Jobs.namespace("app", namespace), app).live());
    }

    @Test
    void the_window_includes_both_its_ends() {
        Timing timing = timing("* * * * * *", 0, 5_000L, 7_000L);
        assertFalse(timing.inWindow(4_999));
        assertTrue(timing.inWindow(5_000));
        assertTrue(timing.inWindow(7_000));
        assertFalse(timing.inWindow(7_001));
        assertTrue(timing("* * * * * *", 0, null, null).inWindow(Long.MAX_VALUE));
    }

    @Test
    void the_next_fire_lies_in_the_window_and_after_the_anchor() throws CronException {
        long noon = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
        Timing open = timing("0 * * * * *", noon + 90_000, null, null);
        assertEquals(noon + 120_000, open.next(open.parse(UTC), noon), "not before the anchor");
        Timing from = timing("0 * * * * *", 0, noon + 180_000, null);
        assertEquals(noon + 180_000, from.next(from.parse(UTC), noon), "the start itself may fire");
        Timing until = timing("0 * * * * *", 0, null, noon + 60_000);
        assertEquals(noon + 60_000, until.next(until.parse(UTC), noon), "the end itself may fire");
        assertEquals(Schedule.NEVER, until.next(until.parse(UTC), noon + 60_000));
    }

    @Test
    void a_jobs_zone_goes_before_the_servers() throws CronException {
        Timing timing = new Timing("0 0 9 * * *", "Asia/Shanghai", 0, null, null, Misfire.SKIP, 1);
        assertEquals(Instant.parse("2026-03-01T01:00:00Z").toEpochMilli(),
                timing.next(timing.parse(UTC), Instant.parse("2026-03-01T00:00:00Z").toEpochMilli()));
    }

    @Test
    void a_fire_takes_the_newest_args_unless_it_was_made_by_hand() {
        Job before = Jobs.of(7, Model.MAX, SubjectModel.MEMORY);
        JobSpec spec = before.spec();
        Job after = new Job(7, 2, before.app(), new JobSpec(spec.name(), "", true, spec.timing(), spec.route(), spec.limits(), "new"), 0, 0);
        assertEquals("new", new Fire(0, before, 1_000, 5, RunTrigger.CRON, false, "old", 9).of(after).args());
        assertEquals("mine", new Fire(0, before, 1_000, 5, RunTrigger.MANUAL, false, "mine", 9).of(after).args());
        Fire fire = new Fire(0, before, 1_000, 5, RunTrigger.CRON, true, "old", 9);
        assertEquals(fire, fire.of(before));
        assertEquals(new Fire(0, before, 1_000, 8, RunTrigger.CRON, true, "old", 31_000), fire.claimed(8, 31_000));
    }

    private static Timing timing(String schedule, long anchor, Long startAt, Long endAt) {
        return new Timing(schedule, null, anchor, startAt, endAt, Misfire.SKIP, 10);
    }
}
