package io.natsjob.store;

import io.natsjob.job.Run;
import java.util.List;

/**
 * A page of a search.
 *
 * @param next       where the search goes on, or null at the end of the history
 * @param searchedTo epoch milliseconds: the fire time down to which was searched, when time ran out before the page was
 *                   full; else null
 */
public record RunPage(List<Run> items, RunCursor next, Long searchedTo) {}
