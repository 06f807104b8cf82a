package io.natsjob.trigger;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.JobChange;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows the edits in the database by their number, which is given in the order of commits (docs/rules.md 22): at once when woken,
 * else once a second. Without the database the last known jobs go on.
 */
public final class JobWatch implements AutoCloseable {
    private static final Log LOG = Log.of("trigger");

    private record News(long changeSeq, List<JobChange> jobs, List<Pause> pauses) {}

    private final Database database;
    private final Timer timer;
    private final Consumer<List<Pause>> pauses;
    private final Loop loop = Loop.onVirtualThread("job-watch", this::turn);
    private long seen;

    /**
     * @param seen   the number of the last edit that is known
     * @param pauses told of the pauses that stand in the database, over ones included
     */
    public JobWatch(Database database, Timer timer, Consumer<List<Pause>> pauses, long seen) {
        this.database = database;
        this.timer = timer;
        this.pauses = pauses;
        this.seen = seen;
    }

    public void start() {
        loop.start();
    }

    /** An edit was committed. */
    public void wake() {
        loop.wake();
    }

    @Override
    public void close() {
        loop.close();
    }

    private long turn() {
        try {
            News news = database.read(sql -> {
                long now = LeaderTable.read(sql).changeSeq();
                return now == seen ? null : new News(now, JobTable.changedSince(sql, seen), PauseTable.all(sql));
            });
            if (news != null) {
                follow(news);
            }
        } catch (StoreException e) {
            LOG.debug("edits cannot be read now", "why", e.getMessage());
        }
        return TimeUnit.SECONDS.toNanos(1);
    }

    private void follow(News news) {
        pauses.accept(news.pauses);
        if (!news.jobs.isEmpty()) {
            timer.apply(news.jobs);
        }
        seen = news.changeSeq;
        for (Pause pause : news.pauses) {
            // The fires of a paused namespace were counted one by one, nothing is left to evaluate.
            if (pause.namespaceId() != PauseTable.ALL && pause.resumedAt() != null) {
                database.write(Priority.EDIT, sql -> {
                    PauseTable.remove(sql, pause.namespaceId());
                    return null;
                });
            }
        }
    }
}
