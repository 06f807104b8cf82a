package io.natsjob.store;

import java.util.List;

/**
 * A page of a search in the steps of a run.
 *
 * @param next       the id behind which the search goes on, or null at the end of the steps
 * @param searchedTo epoch milliseconds: up to which {@code created_at} was searched, when time ran out before the page was full; else null
 */
public record StepPage(List<Step> items, Long next, Long searchedTo) {}
