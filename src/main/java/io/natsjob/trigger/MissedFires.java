package io.natsjob.trigger;

import io.natsjob.cron.Schedule;
import io.natsjob.job.Job;
import io.natsjob.job.SkipReason;
import io.natsjob.job.Timing;
import io.natsjob.store.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Counts the fires that passed while nobody could send them: after a start, an outage or a pause, over the same schedules that
 * would have fired them. Fires before a job's anchor (created, enabled, rescheduled) are none, so a time at which it was
 * disabled is never counted.
 */
final class MissedFires {
    /** Fires walked per job; more are counted as "at least" that many (docs/rules.md 34). */
    static final int MAX_WALKED = 1_000;

    private final Roster roster;

    MissedFires(Roster roster) {
        this.roster = roster;
    }

    /**
     * A tally for each job of {@code which} that has fires in (after, upTo], in the hour of the end.
     *
     * @param after epoch milliseconds
     * @param upTo  epoch milliseconds
     */
    List<Tally> count(Predicate<Job> which, long after, long upTo, SkipReason reason) {
        List<Tally> tallies = new ArrayList<>();
        for (int slot = 0; slot < roster.size() && after < upTo; slot++) {
            Roster.Entry entry = roster.entry(slot);
            if (entry != null && entry.schedule() != null && entry.job().live() && which.test(entry.job())) {
                Tally tally = walk(entry.job(), entry.schedule(), after, upTo, reason);
                if (tally != null) {
                    tallies.add(tally);
                }
            }
        }
        return tallies;
    }

    private static Tally walk(Job job, Schedule schedule, long after, long upTo, SkipReason reason) {
        Timing timing = job.spec().timing();
        int fires = 0;
        long last = 0;
        for (long at = timing.next(schedule, after); at <= upTo && fires < MAX_WALKED; at = timing.next(schedule, at)) {
            fires++;
            last = at;
        }
        if (fires == 0) {
            return null;
        }
        return new Tally(job.id(), Tally.hourOf(upTo), reason.word(), fires, fires == MAX_WALKED ? upTo : last);
    }
}
