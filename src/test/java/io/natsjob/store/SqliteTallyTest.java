package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of counts on SQLite. */
final class SqliteTallyTest extends TallyContract {
    @TempDir
    private Path folder;

    @Override
    Database open() {
        return Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), new SettableClock(FIRST));
    }

    /** A page of jobs asks it for each: 30 days of hours must cost no more than one. */
    @Test
    void the_last_skip_is_found_by_keys_alone() {
        int parameters = (int) TallyTable.NEWEST_SKIP.chars().filter(each -> each == '?').count();
        List<String> plan = database.read(sql -> sql.list("EXPLAIN QUERY PLAN " + TallyTable.NEWEST_SKIP, row -> row.text(4), Collections.nCopies(parameters, 7L).toArray()));
        List<String> tally = plan.stream().filter(step -> step.contains("natsjob_tally")).toList();
        assertEquals(parameters, tally.size(), plan::toString);
        assertTrue(tally.getFirst().contains("PRIMARY KEY (hour=? AND job_id=? AND outcome=?)"), plan.toString());
        assertTrue(tally.stream().skip(1).allMatch(step -> step.startsWith("SEARCH") && step.contains("natsjob_tally_job (job_id=? AND outcome=?)")), plan.toString());
    }
}
