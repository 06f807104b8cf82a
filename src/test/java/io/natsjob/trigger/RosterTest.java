package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.App;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import io.natsjob.job.Timing;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final long START = World.START;
    private static final App APP = new App(1, 1, new Namespace(1, 1, "n", "", true, 0, 0), "a", "", true, 0, 0);

    private final Roster roster = new Roster(ZoneOffset.UTC);

    private static Job job(long id, String schedule, boolean enabled) {
        return new Job(id, 1, APP, World.spec("j" + id, schedule, Model.MAX, enabled, "", 0), 0, 0);
    }

    private List<Long> collect(long second) {
        List<Long> due = new ArrayList<>();
        roster.collect(START + 1_000 * second, slot -> due.add(roster.job(slot).id()));
        return due;
    }

    @Test
    void slots_of_removed_jobs_are_used_again() {
        for (long id = 1; id <= 5_000; id++) {
            roster.put(job(id, World.EVERY_SECOND, true), START);
            if (id > 10) {
                roster.remove(id - 10);
            }
        }
        assertTrue(roster.size() <= 11, "" + roster.size());
        assertEquals(10, new HashSet<>(collect(1)).size());
    }

    @Test
    void a_changed_job_keeps_its_slot_and_leaves_its_old_seconds() {
        roster.put(job(1, "1 * * * * *", true), START);
        int slot = roster.slot(1);
        roster.put(job(1, "2 * * * * *", true), START);
        assertEquals(slot, roster.slot(1));
        assertEquals(List.of(), collect(1));
        assertEquals(List.of(1L), collect(2));
        assertFalse(roster.firesAt(slot, START + 1_000));
        assertTrue(roster.firesAt(slot, START + 62_000));
    }

    @Test
    void disabled_deleted_and_unreadable_jobs_do_not_fire() {
        roster.put(job(1, World.EVERY_SECOND, true), START);
        roster.put(job(1, World.EVERY_SECOND, false), START);
        roster.put(job(2, World.EVERY_SECOND, true), START);
        int second = roster.slot(2);
        roster.remove(2);
        roster.remove(2);
        roster.put(job(3, World.EVERY_SECOND, false), START);
        roster.put(job(4, "not a schedule", true), START);
        assertEquals(List.of(), collect(1));
        assertEquals(3, roster.job(second).id(), "in the slot of the one that was deleted");
        assertNull(roster.job(Fire.NO_SLOT));
        assertEquals(Fire.NO_SLOT, roster.slot(2));
    }

    @Test
    void a_hundred_thousand_jobs_fire_each_at_its_own_second() {
        for (int id = 1; id <= 100_000; id++) {
            roster.put(job(id, id % 60 + " " + id / 60 % 60 + " * * * *", true), START - 1);
        }
        Set<Long> seen = new HashSet<>();
        for (long second = 0; second < 3_600; second++) {
            for (long id : collect(second)) {
                assertEquals(second, id % 60 + 60 * (id / 60 % 60));
                assertTrue(seen.add(id));
            }
        }
        assertEquals(100_000, seen.size());
    }

    @Test
    void a_job_without_zone_goes_by_the_servers() {
        Roster berlin = new Roster(ZoneId.of("Europe/Berlin"));
        Job job = job(1, "0 0 12 * * *", true);
        var t = job.spec().timing();
        berlin.put(new Job(1, 1, APP, new JobSpec("j", "", true, new Timing(t.schedule(), null, 0, null, null, t.misfire(), 1),
                job.spec().route(), job.spec().limits(), ""), 0, 0), START);
        assertTrue(berlin.firesAt(0, START + 3_600_000), "noon in Berlin is 11:00 UTC");
    }
}
