package io.natsjob.trigger;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Term;
import io.natsjob.store.Database;
import io.natsjob.time.SteadyTime;

/** What all that a leader writes is written with: the database, the term that fences it, the time, and the maker of its rows. */
public record Lead(Database database, Leadership leadership, Term term, SteadyTime time, NewRuns rows) {}
